//! The configuration of an image, as the console reads it.
#![no_main]

use humpback::explorer::ImageConfig;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|content: &[u8]| {
    let Some(config) = ImageConfig::parse(content) else { return };
    // It travels to the browser and must arrive as it is.
    let sent = serde_json::to_vec(&config).expect("JSON");
    let received: ImageConfig = serde_json::from_slice(&sent).expect("the same");
    assert_eq!(received, config);
    let layers = config.history.len();
    assert!(config.layer_steps(layers).len() <= layers);
});
