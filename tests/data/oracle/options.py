import sys, json, torch, importlib.util
from pathlib import Path
sys.path.insert(0, str(Path(__file__).parent))
import generate as g, numpy as np
import segmentation_models_pytorch as smp
from segmentation_models_pytorch.base import modules as md
class ChannelLayerNorm(torch.nn.LayerNorm):
    """LayerNorm over the channels of each pixel, with nn.LayerNorm's keys."""
    def forward(self, x): return super().forward(x.permute(0,2,3,1)).permute(0,3,1,2)
plain=torch.nn.LayerNorm
def config(arch, enc, depth=5, cin=3, classes=2, **more):
    return {"architecture":arch,"encoder":{"name":enc,"in_channels":cin,"depth":depth},"classes":classes,**more}
IN={'type':'instancenorm','affine':True}
C=[128,96,64,48,24]
cases=[]
for arch,cls in (("unet","Unet"),("unetplusplus","UnetPlusPlus")):
    def case(name, kw, unet, enc="resnet18", **more):
        c=config(arch,enc,kw.get("encoder_depth",5),kw.get("in_channels",3),kw.get("classes",2),**({"unet":unet} if unet else {}),**more)
        cases.append((f"{arch} {name}",cls,enc,kw,c))
    case("channels",dict(decoder_channels=C),{"channels":C})
    case("without normalisation",dict(decoder_use_norm=False),{"normalisation":"identity"})
    case("instance normalisation",dict(decoder_use_norm=IN),{"normalisation":"instancenorm"})
    case("layer normalisation over channels",dict(decoder_use_norm="layernorm"),{"normalisation":"layernorm"})
    case("bilinear",dict(decoder_interpolation="bilinear"),{"interpolation":"bilinear"})
    case("attention",dict(decoder_attention_type="scse"),{"attention":"scse"})
    case("everything",dict(decoder_channels=C,decoder_use_norm=IN,decoder_interpolation="bilinear",decoder_attention_type="scse",in_channels=1,classes=4,aux_params=dict(classes=3,pooling="max",dropout=0.4)),
         {"channels":C,"normalisation":"instancenorm","interpolation":"bilinear","attention":"scse"},enc="densenet121",classification={"classes":3,"pooling":"max","dropout":0.4})
    case("depth 4",dict(encoder_depth=4,decoder_channels=[128,64,32,16],aux_params=dict(classes=5)),None,classification={"classes":5})
def fpn(name, kw, f, enc="resnet18", **more):
    cases.append((f"fpn {name}","FPN",enc,kw,config("fpn",enc,kw.get("encoder_depth",5),kw.get("in_channels",3),2,**({"fpn":f} if f else {}),**more)))
fpn("channels, merged by channel",dict(decoder_pyramid_channels=96,decoder_segmentation_channels=64,decoder_merge_policy="cat",decoder_dropout=0.3),{"pyramid_channels":96,"segmentation_channels":64,"merge":"cat","dropout":0.3})
fpn("bilinear",dict(decoder_interpolation="bilinear"),{"interpolation":"bilinear"})
fpn("labels",dict(aux_params=dict(classes=2,pooling="avg"),in_channels=4),None,enc="inceptionv4",classification={"classes":2})
fpn("depth 4",dict(encoder_depth=4,upsampling=2),None)
fpn("depth 3",dict(encoder_depth=3,upsampling=1),None)
out=[]
for name,cls,enc,kw,cfg in cases:
    torch.nn.LayerNorm=ChannelLayerNorm if "layer norm" in name else plain
    k=dict(encoder_weights=None,classes=2); k.update(kw)
    m=g.load_procedural(getattr(smp,cls)(enc,**k)).eval()
    torch.nn.LayerNorm=plain
    cin=cfg["encoder"]["in_channels"]
    shape=[2,cin,64,96]
    x=torch.from_numpy(g.uniform("input",int(np.prod(shape))).reshape(shape))
    labels=None
    with torch.no_grad():
        y=m(x); y64=m.double()(x.double())
    if isinstance(y,tuple): y,labels=y; y64=y64[0]
    sd={key:list(v.shape) for key,v in m.state_dict().items()}
    sd={k_:v for k_,v in sd.items() if not k_.startswith("encoder.")}
    smpkw={k_:v for k_,v in kw.items()}
    out.append({"name":name,"network":cfg,"smp":{"class":cls,"encoder_name":enc,**smpkw},"state_dict":sd,"logits":g.sample(y64,name,48),"f32_rounding":(y.double()-y64).abs().max().item(),"labels":labels.flatten().tolist() if labels is not None else None})
    print(name, list(y.shape), f"std {y.std():.3f} max {y.abs().max():.2f} rounding {(y.double()-y64).abs().max():.1e}")
def keys(o):
    return o
s=json.dumps({"source":"segmentation_models.pytorch 0.6.0, PyTorch 2.14.1; layer normalisation is torch.nn.LayerNorm over the channels of each pixel, which SMP's own cannot run","input":"input","cases":out})
open(sys.argv[1],'w').write(s); print(len(s))
