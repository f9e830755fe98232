// yagura alerts export: the journal's alerts for other programs, a page at a time.
#include <cstdio>

#include "alerts/facts.hpp"
#include "app/journal_view.hpp"

namespace yagura::app {
namespace {

constexpr std::size_t kPage = 1'000;
constexpr const char* kHead =
    "seq,id,parent,ts_event,trading_date,instrument,rule,kind,event,severity,direction,price,level,title,text\n";

// A spreadsheet takes a cell that begins so for a formula; an apostrophe makes it text.
bool looks_like_formula(std::string_view text) {
  return !text.empty() && std::string_view{"=+-@\t\r|%"}.find(text.front()) != std::string_view::npos;
}

void append_cell(std::string& row, std::string_view text) {
  const bool guard = looks_like_formula(text);
  if (!row.empty()) row += ',';
  if (!guard && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    row += text;
    return;
  }
  row += guard ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') row += '"';
    row += c;
  }
  row += '"';
}

std::string csv_row(const alerts::StoredAlert& alert, const alerts::Facts& facts) {
  std::string row = std::to_string(alert.seq);
  append_cell(row, to_string(facts.id));
  append_cell(row, facts.parent.empty() ? std::string{} : to_string(facts.parent));
  append_cell(row, format_utc(alert.ts_event));
  append_cell(row, facts.trading_date);
  append_cell(row, facts.instrument);
  append_cell(row, facts.rule);
  append_cell(row, facts.kind);
  append_cell(row, facts.event);
  append_cell(row, name_of(facts.severity));
  append_cell(row, facts.direction ? name_of(*facts.direction) : std::string_view{});
  append_cell(row, facts.price ? to_string(*facts.price) : std::string{});
  append_cell(row, facts.level ? to_string(*facts.level) : std::string{});
  append_cell(row, facts.title);
  append_cell(row, facts.text);
  return row + '\n';
}

}  // namespace

int export_alerts(const AlertsOptions& options) {
  if (!options.csv && !options.jsonl) return complain(kUsage, "export: say --csv or --jsonl");
  auto query = open_journal(options.state);
  if (!query) return complain(query.error().code, query.error().message);
  auto filter = filter_of(options);
  if (!filter) return complain(filter.error().code, filter.error().message);
  filter->limit = kPage;
  if (options.csv) std::fputs(kHead, stdout);
  for (;;) {
    const auto page = query->alerts(*filter);
    if (!page) return complain(kFailed, page.error().message);
    for (const auto& alert : *page) {
      std::string row = alert.json + '\n';
      if (options.csv) {
        const auto facts = alerts::read_facts(alert.json);
        if (!facts) return complain(kBadData, "alert " + std::to_string(alert.seq) + ": " + facts.error().message);
        row = csv_row(alert, *facts);
      }
      if (std::fwrite(row.data(), 1, row.size(), stdout) != row.size()) return complain(kFailed, "cannot write");
    }
    if (page->size() < kPage) break;
    filter->after = page->back().seq;
  }
  return std::fflush(stdout) == 0 ? kDone : complain(kFailed, "cannot write");
}

}  // namespace yagura::app
