//! From pieces to meanings. The pieces of many sentences are computed together, so that each matrix is read from
//! memory once; the neighbours of a piece never belong to another sentence.

use ndarray::{Array1, Array2, ArrayViewMut2, Axis, s};

use super::weights::{BRANCH, BRANCHES, Branch, Norm, WIDTH, Weights};

/// So that nothing is divided by zero.
const LEAST: f32 = 1e-12;

/// The meaning of each sentence as a row of length 1.
pub(super) fn encode(weights: &Weights, sentences: &[Vec<u32>]) -> Array2<f32> {
    let places: Vec<(usize, usize)> = spans(sentences);
    let count = sentences.iter().map(Vec::len).sum();
    let mut features = Array2::<f32>::zeros((count, WIDTH + BRANCHES.len() * BRANCH));
    for (piece, mut row) in sentences.iter().flatten().zip(features.rows_mut()) {
        if let Some(row) = row.as_slice_mut() {
            weights.piece(*piece, &mut row[..WIDTH]);
        }
    }
    let mut inputs = features.slice(s![.., ..WIDTH]).dot(&weights.project) + &weights.project_bias;
    normalise(inputs.view_mut(), &weights.project_norm);
    for (number, branch) in weights.branches.iter().enumerate() {
        let own = inputs.slice(s![.., number * BRANCH..(number + 1) * BRANCH]).to_owned();
        let at = WIDTH + number * BRANCH;
        let seen = convolve(branch, own, BRANCHES[number], &places);
        features.slice_mut(s![.., at..at + BRANCH]).assign(&seen);
    }
    normalise(features.view_mut(), &weights.norm);
    deep(weights, &sums(weights, &features, &places))
}

/// Where each sentence begins and ends.
fn spans(sentences: &[Vec<u32>]) -> Vec<(usize, usize)> {
    let mut end = 0;
    let span = |sentence: &Vec<u32>| {
        let start = end;
        end += sentence.len();
        (start, end)
    };
    sentences.iter().map(span).collect()
}

/// To mean 0 and deviation 1 in each row, then scaled and moved.
fn normalise(mut rows: ArrayViewMut2<'_, f32>, norm: &Norm) {
    for mut row in rows.rows_mut() {
        let mean = row.mean().unwrap_or(0.0);
        row -= mean;
        let deviation = (row.dot(&row) / row.len() as f32 + LEAST).sqrt();
        row /= deviation;
        row *= &norm.scale;
        row += &norm.offset;
    }
}

/// Two layers over the neighbours, each added to what came in.
fn convolve(branch: &Branch, own: Array2<f32>, reach: (usize, usize), places: &[(usize, usize)]) -> Array2<f32> {
    let layer = |input: Array2<f32>, matrix: &Array2<f32>, bias: &Array1<f32>| {
        let mut out = neighbours(&input, reach, places).dot(matrix) + bias;
        out.mapv_inplace(|v| v.max(0.0));
        out + input
    };
    let middle = layer(own, &branch.first, &branch.first_bias);
    layer(middle, &branch.second, &branch.second_bias)
}

/// Each piece with its neighbours in one row; beyond its sentence there is nothing.
fn neighbours(input: &Array2<f32>, (wide, before): (usize, usize), places: &[(usize, usize)]) -> Array2<f32> {
    let mut out = Array2::zeros((input.nrows(), wide * BRANCH));
    for (start, end) in places {
        for piece in *start..*end {
            for slot in 0..wide {
                let Some(from) = (piece + slot).checked_sub(before).filter(|f| start <= f && f < end) else { continue };
                out.slice_mut(s![piece, slot * BRANCH..(slot + 1) * BRANCH]).assign(&input.row(from));
            }
        }
    }
    out
}

/// The sum of each sentence's pieces, by the root of their number.
fn sums(weights: &Weights, features: &Array2<f32>, places: &[(usize, usize)]) -> Array2<f32> {
    let mut sums = Array2::zeros((places.len(), features.ncols()));
    for ((start, end), mut row) in places.iter().zip(sums.rows_mut()) {
        row.assign(&features.slice(s![*start..*end, ..]).sum_axis(Axis(0)));
    }
    let mut joined = sums.dot(&weights.join);
    for ((start, end), mut row) in places.iter().zip(joined.rows_mut()) {
        let count = (end - start) as f32;
        row.scaled_add(count, &weights.join_bias);
        row /= count.max(1.0).sqrt();
    }
    joined
}

fn deep(weights: &Weights, sums: &Array2<f32>) -> Array2<f32> {
    let positive = |mut rows: Array2<f32>| {
        rows.mapv_inplace(|v| v.max(0.0));
        rows
    };
    let [first, second, third, fourth] = &weights.deep;
    let [around_first, around_second] = &weights.around;
    let middle = positive(sums.dot(around_first) + positive(sums.dot(first)).dot(second));
    let mut out = middle.dot(around_second) + positive(middle.dot(third)).dot(fourth);
    for mut row in out.rows_mut() {
        row.mapv_inplace(f32::tanh);
        let length = row.dot(&row).max(LEAST).sqrt();
        row /= length;
    }
    out
}
