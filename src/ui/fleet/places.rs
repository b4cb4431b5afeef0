//! Where on Earth the regions are. A region that is missing here has no marker on the map and lacks nothing else.

use crate::domain::Region;

/// A place on the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ui) struct Place {
    /// What people call it.
    pub(in crate::ui) name: &'static str,
    pub(in crate::ui) longitude: f64,
    pub(in crate::ui) latitude: f64,
}

/// By region code, sorted; AWS tells the city or the country, never the address, so a degree is close enough.
const PLACES: [(&str, &str, f64, f64); 40] = [
    ("af-south-1", "Cape Town", 18.4, -33.9),
    ("ap-east-1", "Hong Kong", 114.2, 22.3),
    ("ap-east-2", "Taipei", 121.5, 25.0),
    ("ap-northeast-1", "Tokyo", 139.7, 35.7),
    ("ap-northeast-2", "Seoul", 127.0, 37.6),
    ("ap-northeast-3", "Osaka", 135.5, 34.7),
    ("ap-south-1", "Mumbai", 72.9, 19.1),
    ("ap-south-2", "Hyderabad", 78.5, 17.4),
    ("ap-southeast-1", "Singapore", 103.8, 1.4),
    ("ap-southeast-2", "Sydney", 151.2, -33.9),
    ("ap-southeast-3", "Jakarta", 106.8, -6.2),
    ("ap-southeast-4", "Melbourne", 145.0, -37.8),
    ("ap-southeast-5", "Malaysia", 101.7, 3.1),
    ("ap-southeast-6", "New Zealand", 174.8, -36.8),
    ("ap-southeast-7", "Thailand", 100.5, 13.8),
    ("ca-central-1", "Canada", -73.6, 45.5),
    ("ca-west-1", "Calgary", -114.1, 51.0),
    ("cn-north-1", "Beijing", 116.4, 39.9),
    ("cn-northwest-1", "Ningxia", 106.3, 38.5),
    ("eu-central-1", "Frankfurt", 8.7, 50.1),
    ("eu-central-2", "Zurich", 8.5, 47.4),
    ("eu-north-1", "Stockholm", 18.1, 59.3),
    ("eu-south-1", "Milan", 9.2, 45.5),
    ("eu-south-2", "Spain", -0.9, 41.6),
    ("eu-west-1", "Ireland", -6.3, 53.3),
    ("eu-west-2", "London", -0.1, 51.5),
    ("eu-west-3", "Paris", 2.4, 48.9),
    ("eusc-de-east-1", "Brandenburg", 13.1, 52.4),
    ("il-central-1", "Tel Aviv", 34.8, 32.1),
    ("me-central-1", "UAE", 54.4, 24.5),
    ("me-south-1", "Bahrain", 50.6, 26.1),
    ("mx-central-1", "Mexico", -100.4, 20.6),
    ("sa-east-1", "Sao Paulo", -46.6, -23.6),
    ("sa-west-1", "Chile", -70.7, -33.4),
    ("us-east-1", "N. Virginia", -77.5, 39.0),
    ("us-east-2", "Ohio", -83.0, 40.0),
    ("us-gov-east-1", "GovCloud East", -82.0, 39.5),
    ("us-gov-west-1", "GovCloud West", -120.6, 44.0),
    ("us-west-1", "N. California", -121.9, 37.4),
    ("us-west-2", "Oregon", -119.7, 45.8),
];

/// Where a region is.
pub(in crate::ui) fn place(region: &Region) -> Option<Place> {
    let found = PLACES
        .binary_search_by(|(code, ..)| (*code).cmp(region.as_str()))
        .ok()?;
    let (_, name, longitude, latitude) = PLACES[found];
    Some(Place {
        name,
        longitude,
        latitude,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_on_the_globe() {
        assert!(PLACES.is_sorted_by(|a, b| a.0 < b.0));
        for (code, _, longitude, latitude) in PLACES {
            assert!(
                Region::is_plausible(code) || code.starts_with("eusc"),
                "{code}"
            );
            assert!(
                (-180.0..=180.0).contains(&longitude) && (-60.0..=75.0).contains(&latitude),
                "{code}"
            );
        }
    }

    #[test]
    fn a_region_nobody_has_told_us_of_has_no_place() {
        assert_eq!(
            place(&Region::new("eu-west-1")).map(|place| place.name),
            Some("Ireland")
        );
        assert_eq!(place(&Region::new("mars-north-1")), None);
    }
}
