//! What belongs to a deed, as lines to read, in the words of the export.

use serde_json::Value;

/// `role: "member" → "administrator"`, one line a value; nothing for an empty detail.
pub fn lines(detail: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if let Value::Object(entries) = detail
        && let (Some(from), Some(to)) = (entries.get("from"), entries.get("to"))
    {
        found.push(format!("{from} → {to}"));
        return found;
    }
    collect(detail, &mut found);
    found
}

fn collect(detail: &Value, found: &mut Vec<String>) {
    match detail {
        Value::Object(entries) => {
            for (name, value) in entries {
                match (value, value.get("from"), value.get("to")) {
                    (_, Some(from), Some(to)) => found.push(format!("{name}: {from} → {to}")),
                    (Value::Array(items), ..) if items.iter().any(Value::is_object) => {
                        items.iter().for_each(|item| collect(item, found));
                    }
                    _ => found.push(format!("{name}: {value}")),
                }
            }
        }
        Value::Null => {}
        other => found.push(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn before_and_after_stand_in_one_line() {
        let saved = json!({ "changes": [{ "Address": { "from": null, "to": "10.0.0.1:5000" } }] });
        assert_eq!(lines(&saved), ["Address: null → \"10.0.0.1:5000\""]);
        assert_eq!(lines(&json!({ "from": "member", "to": "administrator" })), ["\"member\" → \"administrator\""]);
        assert_eq!(lines(&json!({ "tags": ["1.0", "latest"] })), ["tags: [\"1.0\",\"latest\"]"]);
        assert!(lines(&json!({})).is_empty());
    }
}
