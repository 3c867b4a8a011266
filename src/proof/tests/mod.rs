//! What the room promises, judged by other implementations where there are some: the `cms` crate's own types and OpenSSL.

mod changed_bytes;
mod cms_structure;
mod openssl;
mod signer;
mod statements;
mod time_stamps;
