//! Connections from many source addresses.

use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};

/// Addresses that one process dials from. There are about 28,000 ports per address, and those of closed connections
/// stay taken for a while: four keep each below 18,000.
const PER_PROCESS: u8 = 4;

/// Where one process dials from.
#[derive(Debug, Clone)]
pub(crate) struct Dialer {
    target: SocketAddr,
    sources: Vec<Ipv4Addr>,
    next: usize,
}

impl Dialer {
    /// The dialer of process `process`. Only loopback has other addresses to come from.
    pub(crate) fn new(target: SocketAddr, process: usize) -> Self {
        let network = u8::try_from(1 + process % 250).unwrap_or(1);
        let sources = match target.ip() {
            IpAddr::V4(address) if address.is_loopback() => {
                (1..=PER_PROCESS).map(|n| Ipv4Addr::new(127, 0, network, n)).collect()
            }
            _ => Vec::new(),
        };
        Self { target, sources, next: 0 }
    }

    /// Begins a connection that does not block; `receive_buffer` in bytes makes it a small one.
    pub(crate) fn dial(&mut self, receive_buffer: Option<usize>) -> io::Result<TcpStream> {
        let socket = Socket::new(Domain::for_address(self.target), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        if let Some(bytes) = receive_buffer {
            socket.set_recv_buffer_size(bytes)?;
        }
        if let Some(source) = self.sources.get(self.next) {
            self.next = (self.next + 1) % self.sources.len();
            // Without it bind looks for a port that nobody at all uses; that search made 11,000 connections a second
            // a few hundred. With it the port is chosen by connect, per pair of addresses.
            #[cfg(target_os = "linux")]
            nix::sys::socket::setsockopt(&socket, nix::sys::socket::sockopt::IpBindAddressNoPort, &true)?;
            socket.bind(&SockAddr::from(SocketAddr::from((*source, 0))))?;
        }
        match socket.connect(&SockAddr::from(self.target)) {
            Err(error) if !is_under_way(&error) => Err(error),
            _ => Ok(socket.into()),
        }
    }
}

fn is_under_way(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock || error.raw_os_error() == Some(nix::errno::Errno::EINPROGRESS as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_of_a_process_come_from_its_own_addresses() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let mut dialer = Dialer::new(listener.local_addr().expect("bound"), 2);
        let mut seen = Vec::new();
        for _ in 0..5 {
            let stream = dialer.dial(Some(4_096)).expect("dials");
            seen.push(listener.accept().expect("comes").1.ip().to_string());
            drop(stream);
        }
        assert_eq!(seen, ["127.0.3.1", "127.0.3.2", "127.0.3.3", "127.0.3.4", "127.0.3.1"]);
    }

    #[test]
    fn another_machine_is_dialled_from_wherever_the_system_likes() {
        assert!(Dialer::new("192.0.2.1:80".parse().expect("an address"), 0).sources.is_empty());
    }
}
