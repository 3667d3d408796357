//! The OpenAPI description of every REST route. What the schema answers is derived from it; `base.json` has the rest.

mod operation;
mod schema;

use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse, web, web::ServiceConfig};
use serde_json::{Map, Value};
use tertulia_domain::{Code, Error, Reason, Result};

use self::schema::Schemas;
use super::{documents::fragments, export::Format, resource::RESOURCES, run::prepared, tag};
use crate::error::Problem;

/// The route.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::resource("/v1/openapi.json").route(web::get().to(answer)));
}

/// `GET /v1/openapi.json`: the description. Who: anyone.
async fn answer(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let description = description()?;
    Ok(tag::answer_public(request.headers(), "application/json", description.text.as_bytes()))
}

/// The description, worked out once.
#[derive(Debug)]
pub struct Description {
    /// Its text, as `openapi.json` has it.
    pub text: String,
    /// The same, to look things up.
    document: Value,
}

/// The description of this version.
pub fn description() -> Result<&'static Description> {
    static DESCRIPTION: LazyLock<Result<Description>> = LazyLock::new(|| {
        let document = document()?;
        let text = serde_json::to_string_pretty(&document).map_err(Error::internal)? + "\n";
        Ok(Description { text, document })
    });
    DESCRIPTION.as_ref().map_err(Error::clone)
}

impl Description {
    /// The methods of the route that a path is of, in upper case.
    pub fn methods(&self, path: &str) -> Vec<String> {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let wanted: Vec<&str> = template.split('/').collect();
            wanted.len() == parts.len() && wanted.iter().zip(&parts).all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
        };
        let route = self.document.get("paths").and_then(Value::as_object).into_iter().flatten().find(|(template, _)| fits(template));
        route.into_iter().filter_map(|(_, methods)| methods.as_object()).flatten().map(|(method, _)| method.to_uppercase()).collect()
    }
}

fn document() -> Result<Value> {
    let mut document: Value = serde_json::from_str(include_str!("base.json")).map_err(Error::internal)?;
    let problem = "/components/schemas/Problem/properties";
    let codes = Code::ALL.iter().map(|code| code.as_str()).collect();
    let reasons = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
    *at(&mut document, "/info/version")? = env!("CARGO_PKG_VERSION").into();
    *at(&mut document, &format!("{problem}/code/enum"))? = codes;
    *at(&mut document, &format!("{problem}/errors/items/properties/reason/enum"))? = reasons;
    let (prepared, fragments) = (prepared()?, fragments()?);
    let contract = &prepared.contract;
    let mut schemas = Schemas::new(contract, &fragments);
    let mut paths: Vec<(String, &str, Value)> = Vec::new();
    for resource in &RESOURCES {
        let list = operation::list(contract, &mut schemas, resource)?;
        let one = operation::one(contract, &mut schemas, resource)?;
        for (path, get) in [(resource.path.to_owned(), list), (format!("{}/{{id}}", resource.path), one)] {
            paths.push((path.clone(), "head", operation::head(&get)));
            paths.push((path, "get", get));
        }
    }
    paths.push(("/v1/contacts".to_owned(), "post", operation::log(contract, &mut schemas)?));
    for format in Format::ALL {
        paths.push((format.path().to_owned(), "get", operation::export(contract, &mut schemas, format)?));
    }
    for act in &prepared.acts {
        paths.push((format!("/v1/contacts/{{id}}/{}", act.name), "post", operation::act(contract, &mut schemas, act)?));
    }
    for (path, method, operation) in paths {
        let Some(paths) = at(&mut document, "/paths")?.as_object_mut() else { continue };
        if let Some(methods) = paths.entry(path).or_insert_with(|| Map::new().into()).as_object_mut() {
            methods.insert(method.to_owned(), operation);
        }
    }
    if let Some(components) = at(&mut document, "/components/schemas")?.as_object_mut() {
        components.extend(schemas.into_components());
    }
    Ok(document)
}

fn at<'a>(document: &'a mut Value, place: &str) -> Result<&'a mut Value> {
    document.pointer_mut(place).ok_or_else(|| Error::broken("base.json lacks a place that is filled in"))
}
