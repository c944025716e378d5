//! Lets pages of every origin read the answers, as a chat service does for the origins that its customer allowed.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Marks a response that pages of other origins must not be able to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hidden;

/// Answers preflights, and adds CORS headers to every other answer that is not [`Hidden`].
pub(crate) async fn allow_origin(request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else {
        return next.run(request).await;
    };
    if is_preflight(&request) {
        return preflight(origin, request.headers());
    }
    let mut response = next.run(request).await;
    if response.extensions().get::<Hidden>().is_none() {
        add_origin(response.headers_mut(), origin);
        let exposed = HeaderValue::from_static("Retry-After");
        response.headers_mut().insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
    response
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight(origin: HeaderValue, asked: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    add_origin(headers, origin);
    reflect(asked, header::ACCESS_CONTROL_REQUEST_METHOD, headers, header::ACCESS_CONTROL_ALLOW_METHODS);
    reflect(asked, header::ACCESS_CONTROL_REQUEST_HEADERS, headers, header::ACCESS_CONTROL_ALLOW_HEADERS);
    response
}

fn add_origin(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
}

fn reflect(asked: &HeaderMap, question: HeaderName, headers: &mut HeaderMap, answer: HeaderName) {
    if let Some(value) = asked.get(question) {
        headers.insert(answer, value.clone());
    }
}
