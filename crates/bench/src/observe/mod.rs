//! What can be seen from outside: the server's process, the kernel, the machine.

pub(crate) mod kernel;
pub(crate) mod machine;
pub(crate) mod process;
