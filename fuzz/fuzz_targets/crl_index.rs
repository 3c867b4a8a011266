#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| honnin_fuzz::properties::crl_index::hold(data));
