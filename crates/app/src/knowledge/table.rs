//! Knowledge as a CSV table: `question,alternatives,answer` and, if wanted, `enabled`; alternatives separated by `|`.

use macaw_domain::{KnowledgeDraft, KnowledgeEntry};

/// The names of a column, the first one for writing.
const QUESTION: &[&str] = &["question", "问题", "標題", "标题"];
const ALTERNATIVES: &[&str] = &["alternatives", "其他问法", "相似问法", "相似问题"];
const ANSWER: &[&str] = &["answer", "答案", "回答"];

/// Optional: without it, and in an empty cell, an entry stays as it is.
const ENABLED: &[&str] = &["enabled", "启用"];

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// The entry; one that is new is enabled unless the line says otherwise.
    pub draft: KnowledgeDraft,
    /// Whether the line says if it is enabled.
    pub says_enabled: bool,
}

/// Why a file is no table of knowledge.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A column of the header is missing.
    #[error("line 1: the column {0} is missing; the first line must be question,alternatives,answer")]
    MissingColumn(&'static str),
    /// Not CSV.
    #[error("the file is no CSV in UTF-8: {0}; save it as \"CSV UTF-8\"")]
    Malformed(String),
}

/// A line that became no entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedLine {
    /// In the file; the header is 1.
    pub line: u64,
    /// What is wrong and what to do.
    pub message: String,
}

/// Reads a table. Lines that cannot become an entry are listed; the others can be imported.
///
/// Errors: [`TableError`] when no line can be understood.
pub fn read_table(bytes: &[u8]) -> Result<(Vec<TableRow>, Vec<RefusedLine>), TableError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.headers().map_err(|error| TableError::Malformed(error.to_string()))?.clone();
    let place = |names: &'static [&'static str]| {
        header.iter().position(|cell| names.iter().any(|name| cell.trim().eq_ignore_ascii_case(name)))
    };
    let question = place(QUESTION).ok_or(TableError::MissingColumn("question"))?;
    let answer = place(ANSWER).ok_or(TableError::MissingColumn("answer"))?;
    let (alternatives, enabled) = (place(ALTERNATIVES), place(ENABLED));
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                refused.push(RefusedLine { line, message: error.to_string() });
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |place: usize| record.get(place).unwrap_or_default().to_owned();
        let others = alternatives.map(cell).unwrap_or_default();
        let Ok(enabled) = is_enabled(&enabled.map(cell).unwrap_or_default()) else {
            refused.push(RefusedLine { line, message: "enabled: true or false, or empty".to_owned() });
            continue;
        };
        let draft = KnowledgeDraft {
            question: cell(question),
            alternatives: others.split('|').map(str::to_owned).collect(),
            answer: cell(answer),
            enabled: enabled.unwrap_or(true),
        };
        match draft.checked() {
            Ok(draft) => rows.push(TableRow { draft, says_enabled: enabled.is_some() }),
            Err(error) => refused.push(RefusedLine { line, message: error.to_string() }),
        }
    }
    Ok((rows, refused))
}

/// `None` where the cell says nothing.
fn is_enabled(cell: &str) -> Result<Option<bool>, ()> {
    match cell.trim().to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "true" | "yes" | "1" | "是" => Ok(Some(true)),
        "false" | "no" | "0" | "否" => Ok(Some(false)),
        _ => Err(()),
    }
}

/// Writes entries as the table that [`read_table`] reads.
pub fn write_table(entries: &[KnowledgeEntry]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record([QUESTION[0], ALTERNATIVES[0], ANSWER[0], ENABLED[0]]);
    for entry in entries {
        let d = &entry.draft;
        let _ = writer.write_record([
            d.question.as_str(),
            &d.alternatives.join("|"),
            &d.answer,
            if d.enabled { "true" } else { "false" },
        ]);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_with_either_header_and_faults_are_named_by_line() {
        let table =
            "\u{feff}问题,其他问法,答案\n怎么退货,退货流程|如何退货,\"七天内，\n点退货。\"\n,,nothing asked\nq,,a\n";
        let (drafts, refused) = read_table(table.as_bytes()).expect("a table");
        assert_eq!(drafts.len(), 2);
        assert_eq!(drafts[0].draft.alternatives, ["退货流程", "如何退货"]);
        assert_eq!(drafts[0].draft.answer, "七天内，\n点退货。");
        assert_eq!(refused.iter().map(|r| r.line).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn a_line_says_whether_it_is_enabled_or_leaves_it() {
        let (rows, refused) =
            read_table(b"question,answer,enabled\na,x,\nb,x,false\nc,x,YES\nd,x,maybe\n").expect("a table");
        let said: Vec<_> = rows.iter().map(|row| (row.draft.enabled, row.says_enabled)).collect();
        assert_eq!(said, [(true, false), (false, true), (true, true)]);
        assert_eq!(refused.iter().map(|r| r.line).collect::<Vec<_>>(), [5]);
    }

    #[test]
    fn what_is_no_table_is_refused_with_words() {
        let missing = read_table(b"question,text\nq,a\n").expect_err("no answers").to_string();
        assert!(missing.contains("column answer is missing"), "{missing}");
        let (drafts, refused) = read_table(b"question,answer\n\xff\xfe,a\nq,a\n").expect("one good line");
        assert_eq!((drafts.len(), refused.len()), (1, 1));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let table = "question,alternatives,answer,enabled\nq,\"a, b|c\",\"x \"\"y\"\"\",no\n";
        let (drafts, _) = read_table(table.as_bytes()).expect("a table");
        assert_eq!((drafts[0].draft.enabled, drafts[0].says_enabled), (false, true));
        let id = uuid::Uuid::from_u128(1);
        let entry = KnowledgeEntry {
            id: macaw_domain::KnowledgeId(id),
            tenant: macaw_domain::TenantId(id),
            draft: drafts[0].draft.clone(),
            updated_at: 0,
        };
        assert_eq!(read_table(write_table(&[entry]).as_bytes()).expect("a table").0, drafts);
    }
}
