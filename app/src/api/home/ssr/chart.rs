//! The growth of the stored bytes as a line.

use humpback::overview::StorageSample;

use super::super::CHART;

/// The stored bytes of each day as a line, the largest at the top; `None` where a line would say nothing.
pub(super) fn points(samples: &[StorageSample]) -> Option<String> {
    let (first, last) = (samples.first()?, samples.last()?);
    let days = (last.day - first.day).whole_days();
    let largest = samples.iter().map(|sample| sample.blob_bytes).max().filter(|largest| *largest > 0)?;
    if days == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "a picture")]
    let point = |sample: &StorageSample| {
        let x = (sample.day - first.day).whole_days() as f64 / days as f64 * f64::from(CHART.0);
        // A line along the edge would be cut in half.
        let y = 1.0 + (1.0 - sample.blob_bytes as f64 / largest as f64) * (f64::from(CHART.1) - 2.0);
        format!("{x:.1},{y:.1}")
    };
    Some(samples.iter().map(point).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use time::{Date, macros::date};

    use super::*;

    fn sample(day: Date, blob_bytes: u64) -> StorageSample {
        StorageSample { day, blob_bytes, blobs: 0, repositories: 0, tags: 0 }
    }

    #[test]
    fn a_chart_needs_two_days_and_something_stored() {
        let (first, last) = (date!(2026 - 01 - 01), date!(2026 - 01 - 11));
        assert_eq!(points(&[]), None);
        assert_eq!(points(&[sample(first, 7)]), None);
        assert_eq!(points(&[sample(first, 0), sample(last, 0)]), None);
        let points = points(&[sample(first, 0), sample(date!(2026 - 01 - 06), 50), sample(last, 100)]);
        assert_eq!(points.as_deref(), Some("0.0,39.0 120.0,20.0 240.0,1.0"));
    }
}
