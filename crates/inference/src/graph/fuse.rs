//! Folding and fusing: fewer operations with the same result.

use pulmo_kernels::blocked::Activation;

use super::{Graph, Node, NodeId, Op};

impl Graph {
    /// Batch normalisations folded into the convolutions before them; ReLUs, SiLUs, residual additions and, at pointwise
    /// convolutions, a normalisation with ReLU before them taken in; what nothing reads left out.
    pub(crate) fn fused(self) -> Self {
        let mut readers = vec![0usize; self.nodes.len()];
        for id in self.nodes.iter().flat_map(|node| &node.inputs).chain([&self.output]) {
            readers[id.0] += 1;
        }
        let mut fuser = Fuser { nodes: Vec::new(), became: Vec::new() };
        for mut node in self.nodes {
            let only_reader: Vec<bool> = node.inputs.iter().map(|id| readers[id.0] == 1).collect();
            node.inputs.iter_mut().for_each(|id| *id = fuser.became[id.0]);
            let id = fuser.add(node, &only_reader);
            fuser.became.push(id);
        }
        let output = fuser.became[self.output.0];
        sorted(fuser.nodes, output)
    }
}

struct Fuser {
    nodes: Vec<Node>,
    /// Where each node of the old graph has gone.
    became: Vec<NodeId>,
}

impl Fuser {
    /// Takes `node` into one that it reads, where nobody else reads that one, or adds it.
    fn add(&mut self, mut node: Node, only_reader: &[bool]) -> NodeId {
        let sole = only_reader.first().copied().unwrap_or(false);
        match (&mut node.op, node.inputs.as_slice()) {
            (Op::Affine { affine, .. }, &[x]) if sole => {
                if let Node { op: Op::Conv(conv), inputs, .. } = &mut self.nodes[x.0]
                    && inputs.len() == 1
                    && conv.is_bare()
                {
                    affine.fold_into(conv);
                    return x;
                }
            }
            (Op::Relu, &[x]) if sole && take_relu(&mut self.nodes[x.0].op) => return x,
            (Op::Silu, &[x]) if sole => {
                if let Op::Conv(conv) = &mut self.nodes[x.0].op
                    && conv.is_bare()
                {
                    conv.activation = Activation::Silu;
                    return x;
                }
            }
            (Op::Add { .. }, &[x, y]) if x != y => {
                for (host, other, sole) in [(x, y, only_reader[0]), (y, x, only_reader[1])] {
                    if let Node { op: Op::Conv(conv), inputs, .. } = &mut self.nodes[host.0]
                        && sole
                        && inputs.len() == 1
                        && conv.is_bare()
                        && !conv.is_depthwise()
                    {
                        inputs.push(other);
                        return host;
                    }
                }
            }
            (Op::Conv(conv), &[x]) if sole && conv.is_pointwise() => {
                if let Node { op: Op::Affine { affine, relu: true }, inputs, .. } = &self.nodes[x.0] {
                    conv.prologue = Some(affine.clone());
                    node.inputs = inputs.clone();
                }
            }
            _ => {}
        }
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }
}

/// Lets `max(x, 0)` follow an operation that can take it in and has not done so; tells whether it could.
fn take_relu(op: &mut Op) -> bool {
    match op {
        Op::Conv(conv) if conv.is_bare() => {
            conv.activation = Activation::Relu;
            true
        }
        Op::Affine { relu, .. } | Op::GroupNorm { relu, .. } | Op::Add { relu } => {
            !std::mem::replace(relu, true)
        }
        _ => false,
    }
}

/// The nodes that `output` needs, each behind those that it reads.
fn sorted(nodes: Vec<Node>, output: NodeId) -> Graph {
    let mut nodes: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
    let mut new_ids: Vec<Option<NodeId>> = vec![None; nodes.len()];
    let mut order = Vec::new();
    let mut open = vec![output];
    while let Some(&id) = open.last() {
        let Some(node) = &nodes[id.0] else {
            open.pop();
            continue;
        };
        let missing: Vec<NodeId> =
            node.inputs.iter().rev().copied().filter(|input| new_ids[input.0].is_none()).collect();
        if !missing.is_empty() {
            open.extend(missing);
            continue;
        }
        if let Some(mut node) = nodes[id.0].take() {
            // All inputs have new ids, for none is missing.
            node.inputs = node.inputs.iter().filter_map(|input| new_ids[input.0]).collect();
            new_ids[id.0] = Some(NodeId(order.len()));
            order.push(node);
        }
        open.pop();
    }
    let output = NodeId(order.len().saturating_sub(1));
    Graph { nodes: order, output }
}
