//! The table: a row a metric, a column a registry, and how many times better the first is.

use std::fmt;

/// Which way a number is good.
#[derive(Clone, Copy)]
pub enum Better {
    More,
    Less,
}

struct Row {
    metric: String,
    better: Better,
    values: Vec<f64>,
}

/// What was measured.
pub struct Report {
    registries: Vec<&'static str>,
    rows: Vec<Row>,
}

impl Report {
    pub fn new(registries: Vec<&'static str>) -> Report {
        Report { registries, rows: Vec::new() }
    }

    pub fn add(&mut self, metric: impl Into<String>, better: Better, values: Vec<f64>) {
        self.rows.push(Row { metric: metric.into(), better, values });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<38}", "")?;
        for registry in &self.registries {
            write!(f, "{registry:>14}")?;
        }
        writeln!(f)?;
        for row in &self.rows {
            write!(f, "{:<38}", row.metric)?;
            for value in &row.values {
                let digits = if *value < 100.0 { 2 } else { 0 };
                write!(f, "{value:>14.digits$}")?;
            }
            if let [first, peer] = row.values[..] {
                let (above, below) = match row.better {
                    Better::More => (first, peer),
                    Better::Less => (peer, first),
                };
                // A server that used less than a tick of the processor has no ratio.
                if below > 0.0 {
                    write!(f, "{:>10.2}x", above / below)?;
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
