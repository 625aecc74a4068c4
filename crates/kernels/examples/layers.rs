//! Times blocked convolutions layer by layer: `cargo run --release -p pulmo-kernels --example layers -- --batch 1`.
//!
//! Rates count the multiply-adds of the definition, so Winograd's can lie above the machine's peak.

use std::error::Error;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use pulmo_kernels::blocked::{Activation, Arena, ConvOptions, Engine, MapShape, Method, PackedConv, Source};
use pulmo_kernels::{Conv2dShape, Isa};

/// Times blocked convolutions layer by layer.
#[derive(Parser)]
struct Options {
    /// Images in a batch.
    #[arg(long, default_value_t = 1)]
    batch: usize,
    /// Threads.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Instruction set: portable, neon, avx2 or avx512; the machine's best if not given.
    #[arg(long)]
    isa: Option<String>,
    /// Method; the one that the library chooses if not given.
    #[arg(long)]
    method: Option<MethodName>,
    /// Milliseconds of measuring for each layer.
    #[arg(long, default_value_t = 100)]
    milliseconds: u64,
    /// Only layers whose line contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Runs a memory sweep between layers' runs, so that weights come from memory as in a whole network.
    #[arg(long)]
    cold: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum MethodName {
    Direct,
    Winograd2,
    Winograd4,
}

/// Network, channels of the sources, output channels, kernel, stride, side of the input.
struct Layer {
    network: &'static str,
    sources: &'static [usize],
    outputs: usize,
    kernel: [usize; 2],
    stride: usize,
    side: usize,
    prologue: bool,
    upsampled: bool,
}

const fn layer(
    network: &'static str,
    sources: &'static [usize],
    outputs: usize,
    kernel: [usize; 2],
    stride: usize,
    side: usize,
) -> Layer {
    Layer { network, sources, outputs, kernel, stride, side, prologue: false, upsampled: false }
}

const fn upsampled(layer: Layer) -> Layer {
    Layer { upsampled: true, ..layer }
}

const fn preactivated(layer: Layer) -> Layer {
    Layer { prologue: true, ..layer }
}

const UNET: &str = "U-Net/ResNet18";
const UNETPP: &str = "U-Net++/DenseNet121";
const DENSENET: &str = "DenseNet121";
const DENSENET161: &str = "DenseNet161";
const INCEPTION: &str = "InceptionV4";
const FPN: &str = "FPN";

const LAYERS: &[Layer] = &[
    layer(UNET, &[3], 64, [7, 7], 2, 256),
    layer(UNET, &[64], 64, [3, 3], 1, 64),
    layer(UNET, &[64], 128, [3, 3], 2, 64),
    layer(UNET, &[64], 128, [1, 1], 2, 64),
    layer(UNET, &[128], 128, [3, 3], 1, 32),
    layer(UNET, &[256], 256, [3, 3], 1, 16),
    layer(UNET, &[512], 512, [3, 3], 1, 8),
    upsampled(layer(UNET, &[512, 256], 256, [3, 3], 1, 16)),
    upsampled(layer(UNET, &[256, 128], 128, [3, 3], 1, 32)),
    upsampled(layer(UNET, &[128, 64], 64, [3, 3], 1, 64)),
    layer(UNET, &[64], 64, [3, 3], 1, 64),
    upsampled(layer(UNET, &[64, 64], 32, [3, 3], 1, 128)),
    layer(UNET, &[32], 32, [3, 3], 1, 128),
    upsampled(layer(UNET, &[32], 16, [3, 3], 1, 256)),
    layer(UNET, &[16], 16, [3, 3], 1, 256),
    layer(UNET, &[16], 2, [3, 3], 1, 256),
    upsampled(layer(UNETPP, &[1024, 1024], 256, [3, 3], 1, 16)),
    upsampled(layer(UNETPP, &[512, 512], 512, [3, 3], 1, 32)),
    layer(UNETPP, &[256], 256, [3, 3], 1, 64),
    preactivated(layer(DENSENET, &[96], 128, [1, 1], 1, 64)),
    preactivated(layer(DENSENET, &[256], 128, [1, 1], 1, 32)),
    preactivated(layer(DENSENET, &[640], 128, [1, 1], 1, 16)),
    preactivated(layer(DENSENET, &[992], 128, [1, 1], 1, 8)),
    layer(DENSENET, &[128], 32, [3, 3], 1, 64),
    layer(DENSENET, &[128], 32, [3, 3], 1, 32),
    layer(DENSENET, &[128], 32, [3, 3], 1, 16),
    layer(DENSENET, &[128], 32, [3, 3], 1, 8),
    preactivated(layer(DENSENET, &[512], 256, [1, 1], 1, 32)),
    preactivated(layer(DENSENET161, &[1104], 192, [1, 1], 1, 16)),
    layer(DENSENET161, &[192], 48, [3, 3], 1, 16),
    layer(INCEPTION, &[64], 96, [3, 3], 1, 64),
    layer(INCEPTION, &[1024], 384, [1, 1], 1, 16),
    layer(INCEPTION, &[192], 224, [1, 7], 1, 16),
    layer(INCEPTION, &[224], 256, [7, 1], 1, 16),
    layer(INCEPTION, &[1536], 256, [1, 1], 1, 8),
    layer(INCEPTION, &[384], 512, [1, 3], 1, 8),
    layer(FPN, &[256], 128, [3, 3], 1, 64),
    layer(FPN, &[128], 2, [1, 1], 1, 64),
];

/// Larger than a third-level cache.
const SWEEP_LEN: usize = 32 << 20;

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let options = Options::parse();
    let isa = match &options.isa {
        None => Isa::detect(),
        Some(name) => Isa::available()
            .into_iter()
            .find(|isa| format!("{isa:?}").eq_ignore_ascii_case(name))
            .ok_or_else(|| format!("this machine has no {name}; it has {:?}", Isa::available()))?,
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    println!("{isa:?}, batch {}, {} threads", options.batch, options.threads);
    pool.install(|| LAYERS.iter().try_for_each(|layer| time(&options, isa, layer)))
}

fn time(options: &Options, isa: Isa, layer: &Layer) -> Result<(), Box<dyn Error + Send + Sync>> {
    let inputs: usize = layer.sources.iter().sum();
    let [kh, kw] = layer.kernel;
    let shape = Conv2dShape::new(
        [options.batch, inputs, layer.side, layer.side],
        [layer.outputs, inputs, kh, kw],
        [layer.stride; 2],
        [kh / 2, kw / 2],
    )?;
    let name = format!(
        "{:20} {kh}x{kw} s{} {:>4} -> {:>4} at {:>3}{}{}",
        layer.network,
        layer.stride,
        inputs,
        layer.outputs,
        layer.side,
        if layer.upsampled { " up" } else { "" },
        if layer.prologue { " pre" } else { "" },
    );
    if !name.contains(&options.only) {
        return Ok(());
    }
    let weight: Vec<f32> = (0..shape.weight_len()).map(|i| (i as f32 * 0.37).sin() / 50.0).collect();
    let ones = vec![1.0; inputs];
    let conv = PackedConv::new(
        &shape,
        &weight,
        None,
        &ConvOptions {
            sources: layer.sources,
            prologue: layer.prologue.then_some((&ones, &ones)),
            activation: Activation::Relu,
            method: match options.method {
                Some(MethodName::Direct) => Some(Method::Direct),
                Some(_) if layer.kernel != [3, 3] || layer.stride != 1 => None,
                Some(MethodName::Winograd2) => Some(Method::Winograd2),
                Some(MethodName::Winograd4) => Some(Method::Winograd4),
                None => None,
            },
            isa: Some(isa),
            padding_behind: None,
        },
    )?;
    let halo = kh.max(kw) / 2;
    let mut arenas = Vec::new();
    for (index, &channels) in layer.sources.iter().enumerate() {
        let side = if layer.upsampled && index == 0 { layer.side / 2 } else { layer.side };
        let map = MapShape::new(channels, side, side, halo)?;
        let mut arena = Arena::new(map.len(options.batch)?);
        let values: Vec<f32> =
            (0..options.batch * channels * side * side).map(|i| (i as f32).sin()).collect();
        Engine::with_isa(isa)?.from_planar(&values, &mut arena.map_mut(map, options.batch, 0)?)?;
        arenas.push((map, arena));
    }
    let mut sources = Vec::new();
    for (index, (map, arena)) in arenas.iter().enumerate() {
        let view = arena.map(*map, options.batch, 0)?;
        sources.push(if layer.upsampled && index == 0 { Source::upsampled(view) } else { Source::new(view) });
    }
    let out = MapShape::new(layer.outputs, shape.out_height(), shape.out_width(), 1)?;
    let mut output = Arena::new(out.len(options.batch)?);
    let mut output = output.map_mut(out, options.batch, 0)?;
    let mut sweep = vec![0.0f32; if options.cold { SWEEP_LEN } else { 0 }];

    let mut times = Vec::new();
    let (start, limit) = (Instant::now(), Duration::from_millis(options.milliseconds));
    while start.elapsed() < limit || times.len() < 5 {
        sweep.iter_mut().for_each(|value| *value += 1.0);
        let run = Instant::now();
        conv.run(&sources, None, &mut output)?;
        times.push(run.elapsed());
    }
    times.sort();
    let (median, least) = (times[times.len() / 2].as_secs_f64(), times[0].as_secs_f64());
    let rate = |seconds: f64| 2.0 * shape.macs() as f64 / seconds / 1e9;
    println!(
        "{name:52} {:>8.3} ms {:>7.1} GFLOP/s (best {:>7.1})  {:?}, {:.1} MB",
        median * 1e3,
        rate(median),
        rate(least),
        conv.method(),
        conv.bytes() as f64 / 1e6,
    );
    Ok(())
}
