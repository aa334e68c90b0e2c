//! Reads the two CSV formats of `macaw knowledge import` and `macaw knowledge test`.

use std::io::Read;

use crate::index::Entry;

/// What is wrong with a table, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A column of the header is missing.
    #[error("row 1: the column `{column}` is missing; the first row must be `{expected}`")]
    MissingColumn {
        /// The missing column.
        column: &'static str,
        /// The whole header.
        expected: &'static str,
    },
    /// A cell that must have text is empty.
    #[error("row {row}, column `{column}`: the cell is empty; write a text, or remove the row")]
    Empty {
        /// Row in the file, the header is 1.
        row: u64,
        /// Column name.
        column: &'static str,
    },
    /// The same question twice.
    #[error("row {row}, column `question`: the same question is in row {first}; join the two rows")]
    Twice {
        /// The second row.
        row: u64,
        /// The first row.
        first: u64,
    },
    /// Not CSV, or not UTF-8.
    #[error("row {row}: {reason}; save the file as CSV in UTF-8, with quotes round cells that hold a comma")]
    Malformed {
        /// Row in the file, 0 if unknown.
        row: u64,
        /// The reader's words.
        reason: String,
    },
}

/// One labelled question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestRow {
    /// What a visitor would type.
    pub ask: String,
    /// The question of the entry that should answer; `None` where nothing may answer.
    pub expect: Option<String>,
    /// The kind of question, empty if not told.
    pub kind: String,
}

/// Reads `question,alternatives,answer`; the id of an entry is its row.
pub fn read_knowledge(input: impl Read) -> Result<Vec<Entry>, TableError> {
    const HEADER: &str = "question,alternatives,answer";
    let mut table = Table::open(input, HEADER)?;
    let [question, alternatives, answer] = ["question", "alternatives", "answer"].map(|c| table.column(c));
    let (question, alternatives, answer) = (question?, alternatives?, answer?);
    let mut seen = std::collections::HashMap::new();
    let mut entries = Vec::new();
    while let Some((row, cells)) = table.next()? {
        let text = full(&cells, question, row, "question")?;
        if let Some(first) = seen.insert(text.clone(), row) {
            return Err(TableError::Twice { row, first });
        }
        let others = cells.get(alternatives).unwrap_or("").split('|').map(str::trim);
        entries.push(Entry {
            id: row.to_string(),
            question: text,
            alternatives: others.filter(|a| !a.is_empty()).map(str::to_owned).collect(),
            answer: full(&cells, answer, row, "answer")?,
        });
    }
    Ok(entries)
}

/// Reads `ask,expect[,kind]`.
pub fn read_test_set(input: impl Read) -> Result<Vec<TestRow>, TableError> {
    const HEADER: &str = "ask,expect[,kind]";
    let mut table = Table::open(input, HEADER)?;
    let (ask, expect) = (table.column("ask")?, table.column("expect")?);
    let kind = table.column("kind").ok();
    let mut rows = Vec::new();
    while let Some((row, cells)) = table.next()? {
        let expected = cells.get(expect).unwrap_or("").trim();
        let kind = kind.and_then(|k| cells.get(k)).unwrap_or("").trim().to_owned();
        let expect = (!expected.is_empty()).then(|| expected.to_owned());
        rows.push(TestRow { ask: full(&cells, ask, row, "ask")?, expect, kind });
    }
    Ok(rows)
}

struct Table<R> {
    reader: csv::Reader<R>,
    header: csv::StringRecord,
    expected: &'static str,
}

impl<R: Read> Table<R> {
    fn open(input: R, expected: &'static str) -> Result<Self, TableError> {
        let mut reader = csv::Reader::from_reader(input);
        let header = reader.headers().map_err(malformed)?.clone();
        Ok(Self { reader, header, expected })
    }

    fn column(&self, column: &'static str) -> Result<usize, TableError> {
        let plain = |h: &str| h.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(column);
        self.header.iter().position(plain).ok_or(TableError::MissingColumn { column, expected: self.expected })
    }

    fn next(&mut self) -> Result<Option<(u64, csv::StringRecord)>, TableError> {
        let mut cells = csv::StringRecord::new();
        let more = self.reader.read_record(&mut cells).map_err(malformed)?;
        let row = cells.position().map_or(0, |p| p.record() + 1);
        Ok(more.then_some((row, cells)))
    }
}

fn full(cells: &csv::StringRecord, at: usize, row: u64, column: &'static str) -> Result<String, TableError> {
    let text = cells.get(at).unwrap_or("").trim();
    if text.is_empty() { Err(TableError::Empty { row, column }) } else { Ok(text.to_owned()) }
}

fn malformed(error: csv::Error) -> TableError {
    TableError::Malformed { row: error.position().map_or(0, |p| p.record() + 1), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_are_split_and_trimmed() {
        let read = read_knowledge("question,alternatives,answer\nq,a | b,c\n".as_bytes()).expect("a good test");
        assert_eq!(read[0].alternatives, ["a", "b"]);
    }

    #[test]
    fn faults_name_row_and_column() {
        let empty = read_knowledge("question,alternatives,answer\nq,,\n".as_bytes()).expect_err("a fault");
        assert!(empty.to_string().starts_with("row 2, column `answer`"));
        let missing = read_test_set("ask\nx\n".as_bytes()).expect_err("a fault");
        assert!(missing.to_string().contains("`expect` is missing"));
    }
}
