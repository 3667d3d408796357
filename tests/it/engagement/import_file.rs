//! The files from which contacts are imported: their forms, and what cannot be read.

use std::io::Write;

use reqwest::Method;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::{Value, json};
use tertulia_tests::{Client, TestApp, stories};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    contact_import::{contacts, counts, import, rows, table},
    world::World,
};

stories![
    a_spreadsheet_is_read_as_it_looks,
    encodings_and_separators_are_found_out,
    what_cannot_be_imported_says_why,
    what_a_workbook_unpacks_to_is_limited,
    one_text_in_many_cells_is_not_copied_for_each,
    a_cell_that_is_too_long_is_told_with_its_row,
    a_line_of_commas_is_refused,
    a_template_is_imported_as_it_is,
];

fn workbook(change: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    change(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

async fn a_spreadsheet_is_read_as_it_looks(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let (day, moment) = (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("dd/mm/yyyy hh:mm"));
    let book = workbook(|sheet| {
        for (column, header) in
            ["النوع", "الأساس القانوني", "المنصة", "تاريخ الإرسال", "تاريخ الرد", "النتيجة", "رقم الملف", "العنوان"].iter().enumerate()
        {
            sheet.write_string(2, u16::try_from(column).unwrap(), *header).unwrap();
        }
        sheet.write_string(4, 0, "ESCALATION").unwrap();
        sheet.write_string(4, 1, "NONE").unwrap();
        sheet.write_string(4, 2, "Parley Video").unwrap();
        let sent = ExcelDateTime::from_ymd(2026, 2, 1).unwrap().and_hms(9, 30, 0).unwrap();
        sheet.write_datetime_with_format(4, 3, &sent, &moment).unwrap();
        sheet.write_datetime_with_format(4, 4, ExcelDateTime::from_ymd(2026, 2, 3).unwrap(), &day).unwrap();
        sheet.write_string(4, 5, "ACTION_TAKEN").unwrap();
        sheet.write_number(4, 6, 2026.0).unwrap();
        sheet.write_string(4, 7, "=HYPERLINK(\"https://bad.example\")").unwrap();
        sheet.write_string(5, 0, "ESCALATION").unwrap();
        sheet.write_formula(5, 1, Formula::new("=\"NO\"&\"NE\"").set_result("NONE")).unwrap();
        sheet.write_string(5, 2, "Parley Video").unwrap();
    });
    let done = import(&officer, "x.xlsx", book, json!({})).await;
    assert_eq!((counts(&done), rows(&done)), ((1, 1, 0), vec!["6 - REQUIRED".to_owned()]), "{done}");
    let document = "{ contacts(first: 5) { nodes { subject caseNumber sentAt decidedAt } } }";
    let node = officer.data(document, json!({})).await["contacts"]["nodes"][0].clone();
    let expected = json!({ "subject": "=HYPERLINK(\"https://bad.example\")", "caseNumber": "2026", "sentAt": "2026-02-01T14:30:00Z",
        "decidedAt": "2026-02-03T05:00:00Z" });
    assert_eq!(node, expected);
}

async fn encodings_and_separators_are_found_out(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let table = "Kind\tLegal basis\tPlatform\tSubject\nESCALATION\tNONE\tParley Video\tPublicación señalada número «1»\n";
    let utf16 = |table: &str| [0xff, 0xfe].into_iter().chain(table.encode_utf16().flat_map(u16::to_le_bytes)).collect::<Vec<u8>>();
    let windows = |table: &str| table.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
    let comma = table.replace('\t', ",");
    let marked = format!("\u{feff}{}", table.replace("«1»", "«0»")).into_bytes();
    for content in [marked, utf16(table), windows(&comma.replace("«1»", "«2»"))] {
        let done = import(&officer, "x.csv", content, json!({})).await;
        assert_eq!(counts(&done), (1, 0, 0), "{done}");
    }
    let broken =
        "Kind;Legal basis;Platform;Subject;Description\nESCALATION;NONE;Parley Video;\"Two\nlines\";\"a;b\"\nX;NONE;Parley Video;A;B\n";
    let done = import(&officer, "x.csv", broken, json!({})).await;
    assert_eq!(rows(&done), ["2 Subject FORBIDDEN_CHARACTER", "4 Kind NOT_AN_OPTION"], "lines are those of the file");
    let document = "{ contacts(first: 5, orderBy: SENT_AT) { nodes { subject } } }";
    let nodes = officer.data(document, json!({})).await["contacts"]["nodes"].clone();
    let mut subjects: Vec<&str> = nodes.as_array().unwrap().iter().map(|node| node["subject"].as_str().unwrap()).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, [0, 1, 2].map(|number| format!("Publicación señalada número «{number}»")));
    let cyrillic = b"Kind,Legal basis,Platform,Subject\nESCALATION,NONE,Parley Video,\xcf\xf0\xe8\xe2\xe5\xf2 \xe2\xf1\xe5\xec \xe8\xe7\xe1\xe8\xf0\xe0\xf2\xe5\xeb\xff\xec\n";
    let refused = import(&officer, "x.csv", cyrillic.to_vec(), json!({})).await;
    assert_eq!((&refused["status"], contacts(app).await), (&json!("FAILED"), 3), "never garbled");
}

async fn failure(client: &Client, import: &Value) -> Value {
    let document = "query($id: ID!) { contactImport(id: $id) { status failure { code } } }";
    let import = client.data(document, json!({ "id": import["id"] })).await["contactImport"].clone();
    assert_eq!(import["status"], "FAILED");
    import["failure"]["code"].clone()
}

async fn what_cannot_be_imported_says_why(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let header = "Kind,Legal basis,Platform\n";
    let row = "ESCALATION,NONE,Parley Video\n";
    let no_headers = import(&officer, "x.csv", row, json!({})).await;
    assert_eq!(failure(&officer, &no_headers).await, "MALFORMED");
    assert_eq!(rows(&no_headers), ["1 Kind REQUIRED", "1 Legal basis REQUIRED", "1 Platform REQUIRED"]);
    let told = json!({ "columns": [{ "header": "Nature", "field": "KIND" }] });
    let no_column = import(&officer, "x.csv", header, told).await;
    assert_eq!(rows(&no_column), ["1 Nature UNKNOWN_ID", "1 Kind REQUIRED"]);
    let only_spaces = import(&officer, "x.csv", " \n,,\n", json!({})).await;
    assert_eq!(failure(&officer, &only_spaces).await, "TOO_SHORT");
    let wide = import(&officer, "x.csv", format!("{}\n", "x,".repeat(200)), json!({})).await;
    assert_eq!(failure(&officer, &wide).await, "TOO_LONG");
    let headers_alone = import(&officer, "x.csv", header, json!({})).await;
    assert_eq!((&headers_alone["status"], counts(&headers_alone)), (&json!("DONE"), (0, 0, 0)));
    let most = usize::try_from(app.config.files.import_rows).unwrap();
    let too_many = import(&officer, "x.csv", table(most + 1), json!({ "dryRun": true })).await;
    assert_eq!(failure(&officer, &too_many).await, "TOO_MANY");
    assert_eq!(
        counts(&import(&officer, "x.csv", table(most), json!({ "dryRun": true })).await),
        (i64::from(app.config.files.import_rows), 0, 0)
    );
}

fn archive(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

async fn what_a_workbook_unpacks_to_is_limited(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let types = ("[Content_Types].xml", b"<Types/>".to_vec());
    let book = ("xl/workbook.xml", b"<workbook/>".to_vec());
    let texts = |content: &[u8]| ("xl/sharedStrings.xml", content.to_vec());
    let claim = archive(&[types.clone(), book.clone(), texts(b"<sst uniqueCount=\"99999999999\">")]);
    let bomb = archive(&[types.clone(), book.clone(), texts(&vec![b' '; 65 * 1024 * 1024])]);
    for content in [claim, bomb] {
        assert!(content.len() < 1_000_000);
        let refused = import(&officer, "x.xlsx", content, json!({})).await;
        assert_eq!(failure(&officer, &refused).await, "TOO_LONG");
    }
    let damaged = import(&officer, "x.xlsx", archive(&[types, book]), json!({})).await;
    assert_eq!(failure(&officer, &damaged).await, "MALFORMED");
}

/// A workbook of one sheet whose cells are all the first of the shared texts; those and the rows as XML.
fn shared(texts: &str, rows: &str) -> Vec<u8> {
    let part = |name: &'static str, xml: String| (name, xml.into_bytes());
    let (office, package) =
        ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://schemas.openxmlformats.org/package/2006");
    archive(&[
        part("[Content_Types].xml", format!("<Types xmlns='{package}/content-types'/>")),
        part(
            "_rels/.rels",
            format!(
                "<Relationships xmlns='{package}/relationships'><Relationship Id='r1' Type='{office}/officeDocument' Target='xl/workbook.xml'/>\
                 </Relationships>"
            ),
        ),
        part(
            "xl/workbook.xml",
            format!("<workbook xmlns:r='{office}'><sheets><sheet name='A' sheetId='1' r:id='r1'/></sheets></workbook>"),
        ),
        part(
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns='{package}/relationships'><Relationship Id='r1' Type='{office}/worksheet' Target='worksheets/sheet1.xml'/>\
                 </Relationships>"
            ),
        ),
        part("xl/sharedStrings.xml", format!("<sst>{texts}</sst>")),
        part("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
    ])
}

async fn one_text_in_many_cells_is_not_copied_for_each(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let row = format!("<row>{}</row>", "<c t='s'><v>0</v></c>".repeat(200));
    let huge = shared(&format!("<si><t>{}</t></si>", "x".repeat(60 * 1024 * 1024)), &row);
    assert!(huge.len() < 200_000);
    assert_eq!(failure(&officer, &import(&officer, "x.xlsx", huge, json!({})).await).await, "TOO_LONG");
    // As long as a text may be, in 200 rows of 200 cells: 16 GB, if each were copied.
    let headers = "<row><c t='inlineStr'><is><t>Kind</t></is></c><c t='inlineStr'><is><t>Legal basis</t></is></c>\
        <c t='inlineStr'><is><t>Platform</t></is></c></row>";
    let long = shared(&format!("<si><t>{}</t></si>", "x".repeat(409_800)), &format!("{headers}{}", row.repeat(200)));
    let told = import(&officer, "x.xlsx", long, json!({ "dryRun": true })).await;
    assert_eq!((&told["status"], counts(&told)), (&json!("DONE"), (0, 200, 0)));
    // The third cell of a row is the one that its line has no room for.
    assert_eq!(rows(&told)[..3], ["2 Platform TOO_LONG", "2 Kind NOT_AN_OPTION", "2 Legal basis NOT_AN_OPTION"]);
    let inline = format!("<row><c t='inlineStr'><is><t>{}</t></is></c></row>", "x".repeat(30 * 1024 * 1024));
    assert_eq!(failure(&officer, &import(&officer, "x.xlsx", shared("", &inline), json!({})).await).await, "TOO_LONG");
}

async fn a_cell_that_is_too_long_is_told_with_its_row(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    let long = "x".repeat(420_000);
    let table = format!(
        "Kind,Legal basis,Platform,Subject,Notes\nESCALATION,NONE,Parley Video,\"{long}\n\",\n{long},NONE,{long},A,\n\
         ESCALATION,NONE,Parley Video,B,{long}\n"
    );
    let done = import(&officer, "x.csv", table, json!({})).await;
    assert_eq!(rows(&done), ["2 Subject TOO_LONG", "4 Platform TOO_LONG", "4 Kind TOO_LONG"], "each once, with the line of the file");
    assert_eq!(counts(&done), (1, 2, 0), "what stands in a column that says nothing does not matter");
    let addresses = vec!["https://parley.example/1"; 5_000].join(" ");
    let many = format!(
        "Kind,Legal basis,Platform,Links,Issues\nESCALATION,NONE,Parley Video,{addresses},\nESCALATION,NONE,Parley Video,https://parley.example/1,{}\n",
        "X ".repeat(5_000)
    );
    let done = import(&officer, "x.csv", many, json!({})).await;
    assert_eq!(rows(&done), ["2 Links TOO_LONG", "3 Issues TOO_MANY"]);
}

async fn a_line_of_commas_is_refused(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    for content in [",".repeat(20_000_000), format!("x{}", "\",\"".repeat(6_000_000))] {
        let refused = import(&officer, "x.csv", content, json!({})).await;
        assert_eq!(failure(&officer, &refused).await, "TOO_LONG");
    }
}

async fn a_template_is_imported_as_it_is(app: &TestApp) {
    let world = World::new(app).await;
    let officer = world.officer().await;
    for (language, header) in [("es", "Enviado el"), ("ar", "تاريخ الإرسال"), ("de", "Sent at")] {
        for ending in ["csv", "xlsx"] {
            let request = officer.request(Method::GET, &format!("/v1/contacts/template.{ending}")).header("accept-language", language);
            let reply = request.send().await.unwrap();
            assert_eq!(reply.headers()["content-disposition"], format!("attachment; filename=\"contacts-template.{ending}\""));
            let template = reply.bytes().await.unwrap().to_vec();
            assert!(ending == "xlsx" || String::from_utf8(template.clone()).unwrap().contains(header));
            let done = import(&officer, &format!("x.{ending}"), template, json!({})).await;
            assert_eq!((&done["status"], counts(&done)), (&json!("DONE"), (0, 0, 0)), "{language} {done}");
        }
    }
    assert_eq!(world.representative().await.get("/v1/contacts/template.csv").await.status, 403);
}
