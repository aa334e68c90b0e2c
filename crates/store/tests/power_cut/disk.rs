//! A disk in memory, under SQLite as its file system, that can lose power.
//!
//! What is written is seen by all at once, and is durable only after a sync of its file. A cut copies
//! what would be found afterwards: everything synced, and of the rest whatever `survives` says.

use sqlite_plugin::flags::{AccessFlags, CreateMode, LockLevel, OpenMode, OpenOpts, ShmLockMode};
use sqlite_plugin::vars;
use sqlite_plugin::vfs::{RegisterOpts, Vfs, VfsHandle, VfsResult, register_static};
use std::collections::BTreeMap;
use std::ptr::NonNull;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone, Default)]
pub(crate) struct Disk(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    files: BTreeMap<String, File>,
    handles: u64,
}

#[derive(Default)]
struct File {
    now: Vec<u8>,
    /// `None` while nothing of it, not even its name, is durable.
    durable: Option<Vec<u8>>,
    unsynced: Vec<Change>,
    syncs: u64,
    locks: BTreeMap<u64, LockLevel>,
    memory: Memory,
}

enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl Change {
    fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Self::Write(at, bytes) => {
                let end = at + bytes.len();
                if to.len() < end {
                    to.resize(end, 0);
                }
                to[*at..end].copy_from_slice(bytes);
            }
            Self::Truncate(len) => to.resize(*len, 0),
        }
    }
}

/// What the connections of a database share besides its files; gone with the power.
#[derive(Default)]
struct Memory {
    regions: Vec<&'static [AtomicU64]>,
    /// Holders of each lock: shared by many, or one that excludes.
    locks: BTreeMap<u32, (Vec<u64>, bool)>,
    users: Vec<u64>,
}

pub(crate) struct Handle {
    id: u64,
    path: String,
    readonly: bool,
    delete_on_close: bool,
}

impl VfsHandle for Handle {
    fn readonly(&self) -> bool {
        self.readonly
    }

    fn in_memory(&self) -> bool {
        false
    }
}

impl Disk {
    /// Becomes the file system of every connection of this process that is opened from now on.
    pub(crate) fn insert(&self) {
        let registered = register_static(c"disk".to_owned(), self.clone(), RegisterOpts { make_default: true });
        assert!(registered.is_ok(), "SQLite takes the disk");
    }

    /// Copies what a loss of power leaves of the files below `from` to the same names below `to`.
    pub(crate) fn cut(&self, from: &str, to: &str, mut survives: impl FnMut() -> bool) {
        let mut state = self.state();
        let mut left = Vec::new();
        for (path, file) in state.files.range(from.to_owned()..).take_while(|(path, _)| path.starts_with(from)) {
            let mut content = file.durable.clone();
            for change in &file.unsynced {
                if survives() {
                    change.apply(content.get_or_insert_default());
                }
            }
            left.extend(content.map(|content| (path.replacen(from, to, 1), content)));
        }
        for (path, content) in left {
            let file = File { now: content.clone(), durable: Some(content), ..File::default() };
            state.files.insert(path, file);
        }
    }

    /// How often the file was synced.
    pub(crate) fn syncs(&self, path: &str) -> u64 {
        self.state().files.get(path).map_or(0, |file| file.syncs)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, handle: &Handle, act: impl FnOnce(&mut File) -> VfsResult<T>) -> VfsResult<T> {
        act(self.state().files.get_mut(&handle.path).ok_or(vars::SQLITE_IOERR)?)
    }

    fn change(&self, handle: &Handle, change: Change) -> VfsResult<()> {
        self.with(handle, |file| {
            change.apply(&mut file.now);
            file.unsynced.push(change);
            Ok(())
        })
    }
}

impl Vfs for Disk {
    type Handle = Handle;

    fn open(&self, path: Option<&str>, opts: OpenOpts) -> VfsResult<Handle> {
        let mut state = self.state();
        state.handles += 1;
        let id = state.handles;
        let path = path.map_or_else(|| format!("temporary/{id}"), str::to_owned);
        let readonly = opts.mode().is_readonly();
        if !state.files.contains_key(&path) {
            if matches!(opts.mode(), OpenMode::ReadOnly | OpenMode::ReadWrite { create: CreateMode::None }) {
                return Err(vars::SQLITE_CANTOPEN);
            }
            state.files.insert(path.clone(), File::default());
        }
        Ok(Handle { id, path, readonly, delete_on_close: opts.delete_on_close() })
    }

    fn delete(&self, path: &str) -> VfsResult<()> {
        self.state().files.remove(path).map(drop).ok_or(vars::SQLITE_IOERR_DELETE_NOENT)
    }

    fn access(&self, path: &str, _: AccessFlags) -> VfsResult<bool> {
        Ok(self.state().files.contains_key(path))
    }

    fn file_size(&self, handle: &mut Handle) -> VfsResult<usize> {
        self.with(handle, |file| Ok(file.now.len()))
    }

    fn truncate(&self, handle: &mut Handle, size: usize) -> VfsResult<()> {
        self.change(handle, Change::Truncate(size))
    }

    fn write(&self, handle: &mut Handle, offset: usize, bytes: &[u8]) -> VfsResult<usize> {
        self.change(handle, Change::Write(offset, bytes.to_vec()))?;
        Ok(bytes.len())
    }

    fn read(&self, handle: &mut Handle, offset: usize, into: &mut [u8]) -> VfsResult<usize> {
        self.with(handle, |file| {
            let from = file.now.get(offset..).unwrap_or_default();
            let len = from.len().min(into.len());
            into[..len].copy_from_slice(&from[..len]);
            Ok(len)
        })
    }

    fn sync(&self, handle: &mut Handle) -> VfsResult<()> {
        self.with(handle, |file| {
            let durable = file.durable.get_or_insert_default();
            for change in file.unsynced.drain(..) {
                change.apply(durable);
            }
            file.syncs += 1;
            Ok(())
        })
    }

    /// As a usual file system: what is next to the bytes of a torn write stays as it was, and that is all.
    fn device_characteristics(&self, _: &mut Handle) -> VfsResult<i32> {
        Ok(vars::SQLITE_IOCAP_POWERSAFE_OVERWRITE)
    }

    fn close(&self, handle: Handle) -> VfsResult<()> {
        let mut state = self.state();
        if handle.delete_on_close {
            state.files.remove(&handle.path);
        } else if let Some(file) = state.files.get_mut(&handle.path) {
            file.locks.remove(&handle.id);
        }
        Ok(())
    }

    fn lock(&self, handle: &mut Handle, level: LockLevel) -> VfsResult<()> {
        self.with(handle, |file| {
            let others = file.locks.iter().filter(|(id, _)| **id != handle.id).map(|(_, level)| *level).max();
            let others = others.unwrap_or(LockLevel::Unlocked);
            let most = match level {
                LockLevel::Unlocked => LockLevel::Exclusive,
                LockLevel::Shared => LockLevel::Reserved,
                LockLevel::Reserved | LockLevel::Pending => LockLevel::Shared,
                LockLevel::Exclusive => LockLevel::Unlocked,
            };
            if others > most {
                return Err(vars::SQLITE_BUSY);
            }
            file.locks.insert(handle.id, level);
            Ok(())
        })
    }

    fn unlock(&self, handle: &mut Handle, level: LockLevel) -> VfsResult<()> {
        self.with(handle, |file| {
            file.locks.insert(handle.id, level);
            Ok(())
        })
    }

    fn check_reserved_lock(&self, handle: &mut Handle) -> VfsResult<bool> {
        self.with(handle, |file| Ok(file.locks.values().any(|level| *level >= LockLevel::Reserved)))
    }

    fn shm_map(&self, handle: &mut Handle, at: usize, size: usize, extend: bool) -> VfsResult<Option<NonNull<u8>>> {
        self.with(handle, |file| {
            let memory = &mut file.memory;
            if !memory.users.contains(&handle.id) {
                memory.users.push(handle.id);
            }
            if memory.regions.len() <= at && !extend {
                return Ok(None);
            }
            while memory.regions.len() <= at {
                // SQLite writes through the pointer whenever it likes: it is never given back.
                let words = (0..size.div_ceil(8)).map(|_| AtomicU64::new(0)).collect::<Vec<_>>();
                memory.regions.push(words.leak());
            }
            Ok(Some(NonNull::from(memory.regions[at]).cast()))
        })
    }

    fn shm_lock(&self, handle: &mut Handle, offset: u32, count: u32, mode: ShmLockMode) -> VfsResult<()> {
        self.with(handle, |file| {
            let slots = || offset..offset + count;
            let free = |(holders, excludes): &(Vec<u64>, bool)| match mode {
                ShmLockMode::LockShared => !excludes || holders.contains(&handle.id),
                ShmLockMode::LockExclusive => holders.iter().all(|holder| *holder == handle.id),
                ShmLockMode::UnlockShared | ShmLockMode::UnlockExclusive => true,
            };
            if !slots().all(|slot| file.memory.locks.get(&slot).is_none_or(free)) {
                return Err(vars::SQLITE_BUSY);
            }
            for slot in slots() {
                let (holders, excludes) = file.memory.locks.entry(slot).or_default();
                holders.retain(|holder| *holder != handle.id);
                *excludes = matches!(mode, ShmLockMode::LockExclusive);
                if matches!(mode, ShmLockMode::LockShared | ShmLockMode::LockExclusive) {
                    holders.push(handle.id);
                }
            }
            Ok(())
        })
    }

    fn shm_unmap(&self, handle: &mut Handle, _: bool) -> VfsResult<()> {
        self.with(handle, |file| {
            let memory = &mut file.memory;
            memory.users.retain(|user| *user != handle.id);
            for (holders, _) in memory.locks.values_mut() {
                holders.retain(|holder| *holder != handle.id);
            }
            if memory.users.is_empty() {
                *memory = Memory::default();
            }
            Ok(())
        })
    }
}
