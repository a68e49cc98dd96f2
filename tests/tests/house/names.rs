//! `docs/from-python.md` says where each public name of Python's asynkit went.

const PAGE: &str = include_str!("../../../docs/from-python.md");

/// The public names of Python's asynkit 0.17.6 and 0.20.0.
const NAMES: &str = include_str!("python_names.txt");

/// The names in the first cells of the page's tables.
fn documented() -> Vec<&'static str> {
    let tables = PAGE.split("\n## Differences on purpose").next().expect("the page begins with the tables");
    let cells = tables.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(|code| code.split(|c: char| c != '_' && !c.is_alphanumeric()).next().expect("split gives one"))
        .collect()
}

#[test]
fn every_public_python_name_is_a_row_of_the_page() {
    let documented = documented();
    let missing: Vec<_> = NAMES.lines().filter(|name| !documented.contains(name)).collect();
    assert!(missing.is_empty(), "docs/from-python.md lacks {missing:?}");
}

#[test]
fn rows_of_one_table_have_as_many_cells_as_its_head() {
    for table in PAGE.split("\n\n").filter(|block| block.starts_with("| ")) {
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let head = cells(table.lines().next().expect("a head"));
        for row in table.lines() {
            assert_eq!(cells(row), head, "{row}");
        }
    }
}
