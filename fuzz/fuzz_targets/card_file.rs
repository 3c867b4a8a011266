#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| honnin_fuzz::properties::card_file::hold(data));
