//! The probe's requests. By `XMLHttpRequest` and not by `fetch`, which does not tell how much has been sent.

use std::{cell::Cell, rc::Rc, time::Duration};

use humpback::proxy_check::{Passage, Watch};
use leptos::prelude::set_timeout;
use wasm_bindgen::{JsCast as _, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ProgressEvent, XmlHttpRequest,
    js_sys::{Math, Promise},
};

use super::Outcome;
use crate::api::proxy_check::PROBE;

/// Between two looks at how much has been sent: as often as browsers tell.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Sends that many bytes, which are read at once.
pub(super) async fn send(size: usize) -> Outcome {
    match Upload::begin(PROBE, size) {
        Ok(upload) => upload.outcome(None).await,
        Err(_) => Outcome::Cut,
    }
}

/// Sends that many bytes, which are read only once it is clear how they pass.
pub(super) async fn send_and_watch(size: usize) -> Outcome {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 2^32")]
    let number = (Math::random() * f64::from(u32::MAX)) as u32;
    let Ok(upload) = Upload::begin(&format!("{PROBE}?hold={number}"), size) else { return Outcome::Cut };
    let held = format!("{PROBE}/{number}");
    let passage = upload.watch(&held, size as u64).await;
    // Whatever comes of this: the request's own end tells.
    let _ = ask("POST", &held).await;
    upload.outcome(passage).await
}

/// A request on its way.
struct Upload {
    request: XmlHttpRequest,
    sent: Rc<Cell<u64>>,
    over: Rc<Cell<bool>>,
    end: Promise,
    _progress: Closure<dyn Fn(ProgressEvent)>,
}

impl Upload {
    fn begin(url: &str, size: usize) -> Result<Self, JsValue> {
        let request = XmlHttpRequest::new()?;
        request.open("POST", url)?;
        request.set_request_header("content-type", "application/octet-stream")?;
        let (sent, over) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
        let noted = Rc::clone(&sent);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and not negative")]
        let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
            noted.set(event.loaded() as u64);
        });
        let upload = request.upload()?;
        upload.set_onprogress(Some(progress.as_ref().unchecked_ref()));
        upload.set_onload(Some(progress.as_ref().unchecked_ref()));
        let ended = Rc::clone(&over);
        let end = Promise::new(&mut |resolve, _| {
            let ended = Rc::clone(&ended);
            let end = Closure::once_into_js(move || {
                ended.set(true);
                let _ = resolve.call0(&JsValue::NULL);
            });
            request.set_onloadend(Some(end.unchecked_ref()));
        });
        // Bytes that no proxy can compress away would cost time to make; none compresses what clients send.
        request.send_with_opt_u8_array(Some(&vec![0; size]))?;
        Ok(Self { request, sent, over, end, _progress: progress })
    }

    /// Looks again and again how much has been sent; `None` if the request ends before that is clear.
    async fn watch(&self, held: &str, size: u64) -> Option<Passage> {
        let mut watch = Watch::default();
        loop {
            pause().await;
            if self.over.get() {
                return None;
            }
            let arrived = ask("GET", held).await == Some(200);
            if let Some(passage) = watch.look(self.sent.get(), size, arrived) {
                return Some(passage);
            }
        }
    }

    async fn outcome(self, passage: Option<Passage>) -> Outcome {
        let _ = JsFuture::from(self.end).await;
        match self.request.status() {
            Ok(0) | Err(_) => Outcome::Cut,
            Ok(200) => Outcome::Arrived(passage),
            Ok(status) => Outcome::Status(status),
        }
    }
}

/// A request without a body; its status, if there is an answer.
async fn ask(method: &str, url: &str) -> Option<u16> {
    let request = XmlHttpRequest::new().ok()?;
    request.open(method, url).ok()?;
    let end = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send().ok()?;
    JsFuture::from(end).await.ok()?;
    request.status().ok()
}

async fn pause() {
    let over = Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                let _ = resolve.call0(&JsValue::NULL);
            },
            LOOK_EVERY,
        );
    });
    let _ = JsFuture::from(over).await;
}
