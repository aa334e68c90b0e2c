//! The weights, as `cargo xtask sentences` packs them into one safetensors file.
//!
//! `pieces`: a tokenizer in the form that kitoken writes. `table` [pieces, 256]: two values of four bits a byte, the
//! lower half first; a value is `table_low[piece] + table_step[piece] * bits`. The rest are the dense layers as f16.
//! Of the convolutions there are three, over 2, 3 and 5 neighbours, and their names end with that number.

use half::f16;
use kitoken::{Definition, Kitoken};
use ndarray::{Array1, Array2, Axis, concatenate};
use safetensors::{Dtype, SafeTensors};

use super::ModelError;

/// Values of a piece, and of a meaning.
pub(super) const WIDTH: usize = 512;
/// Values that each convolution adds.
pub(super) const BRANCH: usize = 256;
/// How many neighbours the convolutions look at, and how many of them stand before the piece.
pub(super) const BRANCHES: [(usize, usize); 3] = [(2, 0), (3, 1), (5, 2)];

/// One convolution: two layers over the neighbours.
pub(super) struct Branch {
    pub(super) first: Array2<f32>,
    pub(super) first_bias: Array1<f32>,
    pub(super) second: Array2<f32>,
    pub(super) second_bias: Array1<f32>,
}

/// A scale and an offset after a normalisation.
pub(super) struct Norm {
    pub(super) scale: Array1<f32>,
    pub(super) offset: Array1<f32>,
}

/// All of them.
pub(super) struct Weights {
    table: &'static [u8],
    low: Vec<f32>,
    step: Vec<f32>,
    /// From a piece to the inputs of the three branches.
    pub(super) project: Array2<f32>,
    pub(super) project_bias: Array1<f32>,
    pub(super) project_norm: Norm,
    pub(super) branches: Vec<Branch>,
    pub(super) norm: Norm,
    pub(super) join: Array2<f32>,
    pub(super) join_bias: Array1<f32>,
    /// The network over the sum: two blocks, each with a way around it.
    pub(super) deep: [Array2<f32>; 4],
    pub(super) around: [Array2<f32>; 2],
}

impl Weights {
    /// Adds the values of a piece to `row`; a piece that is not there counts as nothing.
    pub(super) fn piece(&self, piece: u32, row: &mut [f32]) {
        let place = piece as usize;
        let half = WIDTH / 2;
        let (Some(low), Some(step)) = (self.low.get(place), self.step.get(place)) else { return };
        let Some(bytes) = self.table.get(place * half..(place + 1) * half) else { return };
        for (pair, byte) in row.chunks_exact_mut(2).zip(bytes) {
            pair[0] = low + step * f32::from(byte & 15);
            pair[1] = low + step * f32::from(byte >> 4);
        }
    }
}

struct File(SafeTensors<'static>);

impl File {
    fn bytes(&self, name: &str, kind: Dtype) -> Result<(Vec<usize>, &'static [u8]), ModelError> {
        let tensor = self.0.tensor(name).map_err(|e| ModelError::Damaged(format!("{name}: {e}")))?;
        if tensor.dtype() != kind {
            return Err(ModelError::Damaged(format!("{name} is of another kind")));
        }
        Ok((tensor.shape().to_vec(), tensor.data()))
    }

    fn singles(&self, name: &str) -> Result<Vec<f32>, ModelError> {
        let (_, bytes) = self.bytes(name, Dtype::F32)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
    }

    fn halves(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), ModelError> {
        let (shape, bytes) = self.bytes(name, Dtype::F16)?;
        let values = bytes.as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b).to_f32());
        Ok((shape, values.collect()))
    }

    fn row(&self, name: &str, length: usize) -> Result<Array1<f32>, ModelError> {
        let (_, values) = self.halves(name)?;
        if values.len() == length {
            Ok(values.into())
        } else {
            Err(ModelError::Damaged(format!("{name} has another length")))
        }
    }

    fn matrix(&self, name: &str, inputs: usize) -> Result<Array2<f32>, ModelError> {
        let (shape, values) = self.halves(name)?;
        let [rows, columns] = shape[..] else { return Err(ModelError::Damaged(format!("{name} is no matrix"))) };
        if rows != inputs {
            return Err(ModelError::Damaged(format!("{name} has {rows} rows, not {inputs}")));
        }
        Array2::from_shape_vec((rows, columns), values).map_err(|e| ModelError::Damaged(format!("{name}: {e}")))
    }

    fn branch(&self, neighbours: usize) -> Result<Branch, ModelError> {
        Ok(Branch {
            first: self.matrix(&format!("w1_{neighbours}"), neighbours * BRANCH)?,
            first_bias: self.row(&format!("b1_{neighbours}"), BRANCH)?,
            second: self.matrix(&format!("w2_{neighbours}"), neighbours * BRANCH)?,
            second_bias: self.row(&format!("b2_{neighbours}"), BRANCH)?,
        })
    }

    /// The same layer of the three branches, side by side.
    fn beside(&self, name: &str) -> Result<Array1<f32>, ModelError> {
        let rows =
            BRANCHES.iter().map(|(n, _)| self.row(&format!("{name}{n}"), BRANCH)).collect::<Result<Vec<_>, _>>()?;
        Ok(rows.iter().flatten().copied().collect())
    }

    fn projections(&self) -> Result<Array2<f32>, ModelError> {
        let each =
            BRANCHES.iter().map(|(n, _)| self.matrix(&format!("proj{n}"), WIDTH)).collect::<Result<Vec<_>, _>>()?;
        let views: Vec<_> = each.iter().map(|m| m.view()).collect();
        concatenate(Axis(1), &views).map_err(|e| ModelError::Damaged(format!("proj: {e}")))
    }
}

/// Reads the whole file, whose bytes outlive it.
pub(super) fn read(bytes: &'static [u8]) -> Result<(Kitoken, Weights), ModelError> {
    let file = File(SafeTensors::deserialize(bytes).map_err(|e| ModelError::Damaged(e.to_string()))?);
    let (_, pieces) = file.bytes("pieces", Dtype::U8)?;
    let damaged = |what: &str| ModelError::Damaged(format!("pieces: {what}"));
    let definition = Definition::from_slice(pieces).map_err(|e| damaged(&e.to_string()))?;
    let pieces = Kitoken::try_from(definition).map_err(|e| damaged(&e.to_string()))?;
    let features = WIDTH + BRANCHES.len() * BRANCH;
    let deep = |name: &str, inputs: usize| file.matrix(name, inputs);
    let first = deep("d0", WIDTH)?;
    let narrow = first.ncols();
    let weights = Weights {
        table: file.bytes("table", Dtype::U8)?.1,
        low: file.singles("table_low")?,
        step: file.singles("table_step")?,
        project: file.projections()?,
        project_bias: file.beside("proj_b")?,
        project_norm: Norm { scale: file.beside("ln_g")?, offset: file.beside("ln_b")? },
        branches: BRANCHES.iter().map(|(n, _)| file.branch(*n)).collect::<Result<_, _>>()?,
        norm: Norm { scale: file.row("ln_g", features)?, offset: file.row("ln_b", features)? },
        join: file.matrix("cnn_W", features)?,
        join_bias: file.row("cnn_b", WIDTH)?,
        deep: [first, deep("d1", narrow)?, deep("d2", narrow)?, deep("d3", WIDTH)?],
        around: [deep("p1", WIDTH)?, deep("p3", narrow)?],
    };
    Ok((pieces, weights))
}
