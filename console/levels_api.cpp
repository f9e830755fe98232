#include "console/levels_api.hpp"

#include <simdjson.h>

#include "console/http_responses.hpp"
#include "core/json_writer.hpp"

namespace yagura::console {
namespace {

using net::HttpRequest;
using net::HttpResponse;

constexpr std::size_t kMaxListed = 10'000;
constexpr std::size_t kMaxNote = 200;
constexpr std::string_view kExample = R"({"instrument":"USDJPY","price":"158.50","note":"stop","once":false})";

void append(JsonWriter& json, const LevelRow& row) {
  json.begin_object()
      .field("instrument", row.instrument)
      .field("rule", row.rule)
      .field("price", row.price)
      .field("note", row.note)
      .field("once", row.once)
      .field("configured", row.configured)
      .end_object();
}

HttpResponse list(LevelBook& book) {
  std::size_t total = 0;
  const auto rows = book.levels(kMaxListed, total);
  std::string body;
  JsonWriter json{body};
  json.begin_object().key("levels").begin_array();
  for (const auto& row : rows) append(json, row);
  json.end_array().field("total", total).end_object();
  return json_response(200, std::move(body));
}

HttpResponse change(const HttpRequest& request, LevelBook& book) {
  if (!request.header("Content-Type").starts_with("application/json"))
    return error_response(415, "Content-Type must be application/json");
  std::string error;
  auto row = parse_level(request.body, error);
  if (!row) return error_response(400, error);
  const bool adding = request.method == "POST";
  const auto refusal = adding ? book.add(*row) : book.remove(*row);
  if (refusal.status != 0) return error_response(refusal.status, refusal.message);
  std::string body;
  JsonWriter json{body};
  append(json, *row);
  return json_response(adding ? 201 : 200, std::move(body));
}

}  // namespace

std::optional<LevelRow> parse_level(std::string_view body, std::string& error) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  const auto fail = [&](std::string what) {
    error = std::move(what) + "; expected " + std::string(kExample);
    return std::nullopt;
  };
  if (parser.parse(body.data(), body.size()).get(object) != simdjson::SUCCESS) return fail("not a JSON object");
  LevelRow row;
  bool has_price = false;
  for (const auto field : object) {
    std::string_view text;
    const bool is_text = field.value.get(text) == simdjson::SUCCESS;
    if (field.key == "instrument" && is_text) {
      row.instrument = text;
    } else if (field.key == "rule" && is_text) {
      row.rule = text;
    } else if (field.key == "note" && is_text && text.size() <= kMaxNote) {
      row.note = text;
    } else if (field.key == "once" && field.value.is_bool()) {
      row.once = bool(field.value);
    } else if (field.key == "price") {
      // A number is taken as it was written, not through floating point.
      const auto written = is_text ? std::string(text) : simdjson::minify(field.value);
      const auto price = parse_price(written);
      if (!price || price->raw() <= 0) return fail("price: '" + written.substr(0, 40) + "' is no price above zero");
      row.price = *price;
      has_price = true;
    } else {
      return fail("'" + std::string(field.key.substr(0, 40)) + "' is no field here, or its value does not fit");
    }
  }
  if (row.instrument.empty()) return fail("no instrument");
  if (!has_price) return fail("no price");
  return row;
}

HttpResponse handle_levels(const HttpRequest& request, LevelBook& book) {
  if (request.method == "GET" || request.method == "HEAD") return list(book);
  if (request.method == "POST" || request.method == "DELETE") return change(request, book);
  return wrong_method("GET, HEAD, POST, DELETE");
}

}  // namespace yagura::console
