//! The rounds as a picture.

use super::SimulatedRound;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 60.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 60.0;
const GRID_LINES: usize = 5;
/// The DSC axis begins at a multiple of this.
const DSC_STEP: f64 = 0.05;
const BAR: &str = "#9db4c8";
const PROPOSED: &str = "#0b7285";
const MADE: &str = "#c2410c";

/// An SVG: bars for the share of corrections, lines for the DSC of proposals and masks.
pub(super) fn draw(rounds: &[SimulatedRound]) -> String {
    let figures = rounds.iter().flat_map(|round| [round.proposed.value(), round.made.value()]);
    let lowest = figures.flatten().fold(1.0 - DSC_STEP, f64::min);
    let floor = ((lowest / DSC_STEP).floor() * DSC_STEP).max(0.0);
    let slot = (WIDTH - LEFT - RIGHT) / rounds.len().max(1) as f64;
    let x = |at: usize| LEFT + slot * (at as f64 + 0.5);
    let y = |share: f64| HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    let dsc_y = |dsc: f64| y((dsc - floor) / (1.0 - floor));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"13\" role=\"img\"><title>DSC and share of corrections per round</title>\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>"
    );
    for line in 0..=GRID_LINES {
        let share = line as f64 / GRID_LINES as f64;
        let (at, dsc) = (y(share), 100.0 * (floor + share * (1.0 - floor)));
        svg += &format!(
            "<path d=\"M{LEFT} {at:.1}H{:.1}\" stroke=\"#dde3e8\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#334\">{dsc:.0} %</text>\
             <text x=\"{:.1}\" y=\"{:.1}\" fill=\"#5b7083\">{:.0} %</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            at + 4.0,
            WIDTH - RIGHT + 8.0,
            at + 4.0,
            100.0 * share
        );
    }
    for (at, round) in rounds.iter().enumerate() {
        let top = y(round.corrected_share());
        svg += &format!(
            "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{BAR}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#334\">{}</text>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#5b7083\">{} images</text>",
            x(at) - slot * 0.28,
            slot * 0.56,
            HEIGHT - BOTTOM - top,
            x(at),
            HEIGHT - BOTTOM + 20.0,
            round.name.replace("Stage II ", "II, ").replace("Stage ", ""),
            x(at),
            HEIGHT - BOTTOM + 38.0,
            round.images
        );
    }
    type Figure = fn(&SimulatedRound) -> Option<f64>;
    let lines: [(&str, Figure); 2] =
        [(PROPOSED, |round| round.proposed.value()), (MADE, |round| round.made.value())];
    for (colour, figure) in lines {
        let points = rounds.iter().enumerate().filter_map(|(at, round)| Some((x(at), dsc_y(figure(round)?))));
        let points: Vec<(f64, f64)> = points.collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        svg += &format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\"/>",
            path.join(" ")
        );
        for (x, y) in points {
            svg += &format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{colour}\"/>");
        }
    }
    let legend = [
        (PROPOSED, "DSC of proposals (left)"),
        (MADE, "DSC of masks made (left)"),
        (BAR, "corrected or denied (right)"),
    ];
    for (at, (colour, text)) in legend.into_iter().enumerate() {
        let x = LEFT + 230.0 * at as f64;
        svg += &format!(
            "<rect x=\"{x}\" y=\"14\" width=\"14\" height=\"14\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"26\" fill=\"#334\">{text}</text>",
            x + 20.0
        );
    }
    svg + "</svg>\n"
}
