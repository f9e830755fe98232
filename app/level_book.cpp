#include "app/level_book.hpp"

#include <algorithm>

namespace yagura::app {
namespace {

using console::LevelRefusal;
using console::LevelRow;
using processing::LevelOptions;

// More would make a snapshot of every alert slow; files hold millions.
constexpr std::size_t kMaxRuntimeLevels = 10'000;

}  // namespace

void RuntimeLevels::restore() {
  for (std::size_t i = 0; i < monitor_->size(); ++i) {
    monitor_->instrument(SymbolId{static_cast<std::uint16_t>(i)})
        .restore_levels([this](const processing::RuntimeLevel& level) { return keep_note(level.rule, level.note); });
  }
}

std::int32_t RuntimeLevels::keep_note(std::string_view rule, const std::string& note) {
  if (note.empty()) return -1;
  const auto known = std::ranges::find(catalog_->rules, rule, &alerts::RuleInfo::id);
  if (known == catalog_->rules.end()) return -1;
  known->notes.push_back(note);
  return static_cast<std::int32_t>(known->notes.size() - 1);
}

const processing::RuleOptions* RuntimeLevels::rule_of(LevelRow& row, LevelRefusal& refusal) const {
  const auto symbol = settings_.symbols.find(row.instrument);
  if (!symbol) {
    refusal = {404, "no instrument '" + row.instrument + "' is watched"};
    return nullptr;
  }
  for (const auto& rule : settings_.monitor.rules) {
    const bool fits = rule.instrument == *symbol && std::holds_alternative<LevelOptions>(rule.kind);
    if (!fits || (!row.rule.empty() && rule.id != row.rule)) continue;
    row.rule = rule.id;
    return &rule;
  }
  refusal = {404, row.instrument + " has no level rule" + (row.rule.empty() ? "" : " '" + row.rule + "'")};
  return nullptr;
}

std::vector<LevelRow> RuntimeLevels::levels(std::size_t limit, std::size_t& total) {
  std::vector<LevelRow> rows;
  total = 0;
  const auto add_row = [&](LevelRow row) {
    if (++total <= limit) rows.push_back(std::move(row));
  };
  for (std::size_t i = 0; i < monitor_->size(); ++i) {
    const auto& instrument = monitor_->instrument(SymbolId{static_cast<std::uint16_t>(i)});
    for (const auto& level : instrument.runtime_levels()) {
      add_row({instrument.info().symbol, level.rule, level.price, level.note, level.once, false});
    }
  }
  for (const auto& rule : settings_.monitor.rules) {
    const auto* list = std::get_if<LevelOptions>(&rule.kind);
    if (list == nullptr) continue;
    const auto& symbol = settings_.symbols.name(rule.instrument);
    for (const auto& level : list->levels) {
      if (total >= limit) {
        total += 1;
        continue;
      }
      add_row({symbol, rule.id, level.price, std::string{list->levels.note_of(level)}, level.once, true});
    }
  }
  return rows;
}

LevelRefusal RuntimeLevels::add(LevelRow& row) {
  LevelRefusal refusal;
  if (rule_of(row, refusal) == nullptr) return refusal;
  auto& instrument = monitor_->instrument(*settings_.symbols.find(row.instrument));
  if (instrument.runtime_levels().size() >= kMaxRuntimeLevels) {
    return {409, "there are " + std::to_string(kMaxRuntimeLevels) + " levels already; put more into a levels_file"};
  }
  if (!instrument.add_level({row.rule, row.price, row.note, row.once}, keep_note(row.rule, row.note))) {
    return {409, row.rule + " has a level at " + to_string(row.price) + " already"};
  }
  changed_();
  return {};
}

LevelRefusal RuntimeLevels::remove(const LevelRow& row) {
  LevelRefusal refusal;
  LevelRow wanted = row;
  const auto* rule = rule_of(wanted, refusal);
  if (rule == nullptr) return refusal;
  if (monitor_->instrument(rule->instrument).remove_level(wanted.rule, row.price)) {
    changed_();
    return {};
  }
  const auto& configured = std::get<LevelOptions>(rule->kind).levels;
  const bool in_file =
      std::ranges::find(configured, row.price, &processing::LevelList::Level::price) != configured.end();
  if (in_file)
    return {409, to_string(row.price) + " stands in the configuration of " + wanted.rule + "; remove it there"};
  return {404, wanted.rule + " has no level at " + to_string(row.price)};
}

}  // namespace yagura::app
