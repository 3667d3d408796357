//! Empty files for contacts, to be filled in and imported.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_DISPOSITION, VARY},
    web::{self, Data, ServiceConfig},
};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use tertulia_app::engagement::contact_import;
use tertulia_domain::{Error, Result, engagement::contact_import::Explained};

use crate::{auth, error::Problem, server::State};

/// The routes.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/v1/contacts/template.csv").route(web::get().to(table)));
    routes.service(web::resource("/v1/contacts/template.xlsx").route(web::get().to(workbook)));
}

/// `GET /v1/contacts/template.csv`: the headers in the reader's language. Who: a body's officers.
async fn table(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    let columns = contact_import::template(&ctx)?;
    let headers: Vec<&str> = columns.iter().map(|column| column.header).collect();
    // No header has a comma or a quote. The mark at the beginning tells spreadsheets that this is UTF-8.
    let text = format!("\u{feff}{}\r\n", headers.join(","));
    let mut response = HttpResponse::Ok();
    response.content_type("text/csv; charset=utf-8; header=present");
    response.insert_header((CONTENT_DISPOSITION, "attachment; filename=\"contacts-template.csv\""));
    Ok(response.insert_header((VARY, "Accept-Language, Authorization")).body(text))
}

/// `GET /v1/contacts/template.xlsx`: the same with a second sheet that explains each column. Who: a body's officers.
async fn workbook(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    let ctx = auth::context(&state.app, request.headers()).await?;
    let columns = contact_import::template(&ctx)?;
    let file = written(&columns).map_err(Error::internal)?;
    let mut response = HttpResponse::Ok();
    response.content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    response.insert_header((CONTENT_DISPOSITION, "attachment; filename=\"contacts-template.xlsx\""));
    Ok(response.insert_header((VARY, "Accept-Language, Authorization")).body(file))
}

fn written(columns: &[Explained]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet();
    for (place, column) in (0..).zip(columns) {
        sheet.write_string_with_format(0, place, column.header, &bold)?.set_column_width(place, 24)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let explained = book.add_worksheet();
    for (row, column) in (0..).zip(columns) {
        explained.write_string_with_format(row, 0, column.header, &bold)?;
        explained.write_string(row, 1, column.how)?.write_string(row, 2, column.values.join(" "))?;
    }
    explained.set_column_width(0, 30)?.set_column_width(1, 80)?.set_column_width(2, 80)?;
    book.save_to_buffer()
}
