//! Who is who: countries, organisations, platforms and their services, channels, elections, experts.
