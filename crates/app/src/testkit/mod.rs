//! The contract suites of the ports.
