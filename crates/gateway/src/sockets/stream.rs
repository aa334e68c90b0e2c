//! A socket that was taken back from the HTTP library.

use mio::net::TcpStream;
use std::io::{IoSlice, Read, Result, Write};
use std::os::fd::OwnedFd;

/// What encrypts a connection; its state is all that is kept beside the socket. It never blocks.
pub trait Cipher: Send {
    /// Reads what was decrypted.
    fn read(&mut self, socket: &mut dyn Socket, into: &mut [u8]) -> Result<usize>;
    /// Encrypts and writes; it may keep what the socket does not take, until a flush.
    fn write(&mut self, socket: &mut dyn Socket, from: &[IoSlice<'_>]) -> Result<usize>;
    /// Writes what was kept.
    fn flush(&mut self, socket: &mut dyn Socket) -> Result<()>;
}

/// The socket below a cipher.
pub trait Socket: Read + Write {}

impl Socket for TcpStream {}

/// A socket, and what came over it beyond the request.
pub struct Bare {
    /// The socket. It does not block.
    pub socket: OwnedFd,
    /// What encrypts it, if anything does.
    pub cipher: Option<Box<dyn Cipher>>,
    /// The first bytes of the client.
    pub leftover: Vec<u8>,
}

pub(super) enum Stream {
    Plain(TcpStream),
    Encrypted(Box<(TcpStream, Box<dyn Cipher>)>),
}

impl Stream {
    pub(super) fn new(socket: OwnedFd, cipher: Option<Box<dyn Cipher>>) -> Self {
        let socket = TcpStream::from(socket);
        match cipher {
            None => Self::Plain(socket),
            Some(cipher) => Self::Encrypted(Box::new((socket, cipher))),
        }
    }

    pub(super) fn socket(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Encrypted(both) => &mut both.0,
        }
    }

    /// Whether a read that did not fill the buffer took all there was.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_))
    }

    pub(super) fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(into),
            Self::Encrypted(both) => both.1.read(&mut both.0, into),
        }
    }

    pub(super) fn write(&mut self, from: &[IoSlice<'_>]) -> Result<usize> {
        match self {
            Self::Plain(socket) => socket.write_vectored(from),
            Self::Encrypted(both) => both.1.write(&mut both.0, from),
        }
    }

    pub(super) fn flush(&mut self) -> Result<()> {
        match self {
            Self::Plain(_) => Ok(()),
            Self::Encrypted(both) => both.1.flush(&mut both.0),
        }
    }
}
