//! What others know and is read from them when somebody asks.

use app::certificate_end::CertificateEnd;
use humpback::registry::Registry;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric as _},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
    registry::Unit,
};

/// How the endpoints of notifications do.
#[derive(Debug)]
pub(super) struct Notified(pub(super) Registry);

impl Collector for Notified {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let endpoints = self.0.notified();
        let mut pending = encoder.encode_descriptor(
            "notifications_pending",
            "Events that wait for an endpoint",
            None,
            MetricType::Gauge,
        )?;
        for endpoint in &endpoints {
            let labels = [("endpoint", endpoint.name.as_str())];
            ConstGauge::new(endpoint.record.pending).encode(pending.encode_family(&labels)?)?;
        }
        type Read = fn(&humpback::metadata::EndpointRecord) -> u64;
        let counters: [(&str, &str, Read); 2] = [
            ("notifications_delivered", "Events that an endpoint has taken", |record| record.delivered),
            ("notifications_dropped", "Events that were given up, as too many waited", |record| record.dropped),
        ];
        for (name, help, read) in counters {
            let mut counter = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            for endpoint in &endpoints {
                let labels = [("endpoint", endpoint.name.as_str())];
                ConstCounter::new(read(&endpoint.record)).encode(counter.encode_family(&labels)?)?;
            }
        }
        let mut failing = encoder.encode_descriptor(
            "notifications_failures_in_a_row",
            "Attempts since an endpoint has last taken an event",
            None,
            MetricType::Gauge,
        )?;
        for endpoint in &endpoints {
            let labels = [("endpoint", endpoint.name.as_str())];
            ConstGauge::new(u64::from(endpoint.failures)).encode(failing.encode_family(&labels)?)?;
        }
        Ok(())
    }
}

/// Until when the certificate holds that clients are shown.
#[derive(Debug)]
pub(super) struct Certificate(pub(super) CertificateEnd);

impl Collector for Certificate {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        // A certificate that does not tell has no number.
        let Some(end) = self.0.at() else { return Ok(()) };
        let gauge = ConstGauge::new(end.unix_timestamp());
        let help = "When the certificate ends, in seconds since 1970";
        let name = "tls_certificate_end_timestamp";
        gauge.encode(encoder.encode_descriptor(name, help, Some(&Unit::Seconds), MetricType::Gauge)?)
    }
}
