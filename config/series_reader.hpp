// `series = "NI225 / USDJPY"` to what processing computes. Inside config/ only.
#pragma once

#include <string_view>
#include <vector>

#include "core/instrument.hpp"
#include "core/result.hpp"
#include "core/symbol.hpp"
#include "processing/series_expression.hpp"

namespace yagura::config {

// Names of instruments and numbers above zero with + - * / between them; * and / bind closer, from left
// to right. There are no parentheses. Spaces may be left out except around a minus, which may stand in
// a name. The error says what is wrong and what would be right.
[[nodiscard]] Result<processing::SeriesExpression> read_series(std::string_view text, const SymbolTable& symbols);

// The hours of the narrowest leg: the stock exchange's before those of futures,
// then of currencies, then none.
[[nodiscard]] CalendarKind narrowest_calendar(const processing::SeriesExpression& series,
                                              const std::vector<InstrumentInfo>& instruments);

}  // namespace yagura::config
