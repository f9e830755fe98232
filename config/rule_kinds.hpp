// What the readers of single kinds of rules get and give. Inside config/ only; kinds with more than a few
// keys have a file of their own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/table_reader.hpp"
#include "core/symbol.hpp"
#include "processing/rules.hpp"

namespace yagura::config {

using RuleKinds = decltype(processing::RuleOptions::kind);

struct RuleContext {
  const TableReader& reader;
  const InstrumentInfo& instrument;  // a neutral one when the rule names none
  const SymbolTable& symbols;
  const std::vector<InstrumentInfo>& instruments;  // by SymbolId
  const std::string& folder;                       // where files beside the configuration are looked for
};

[[nodiscard]] std::optional<processing::CusumOptions> read_cusum(const RuleContext& context);
[[nodiscard]] std::optional<processing::InterventionOptions> read_intervention(const RuleContext& context);
[[nodiscard]] std::optional<processing::PeriodOptions> read_period(const RuleContext& context);
[[nodiscard]] std::optional<processing::DivergenceOptions> read_divergence(const RuleContext& context);

}  // namespace yagura::config
