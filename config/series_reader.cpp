#include "config/series_reader.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>  // exchange

#include "core/price.hpp"

namespace yagura::config {
namespace {

using processing::SeriesExpression;
using processing::SeriesTerm;

constexpr std::string_view kSpaces = " \t";

bool is_operator(std::string_view token) { return token == "+" || token == "-" || token == "*" || token == "/"; }

// A minus and a plus are operators only when they stand alone: they may be part of a name or of 1e-3.
std::vector<std::string_view> tokens_of(std::string_view text) {
  std::vector<std::string_view> tokens;
  while (true) {
    const auto start = text.find_first_not_of(kSpaces);
    if (start == std::string_view::npos) return tokens;
    text.remove_prefix(start);
    const bool sign = text.front() == '*' || text.front() == '/';
    const auto length = sign ? 1 : std::min(text.find_first_of(" \t*/"), text.size());
    tokens.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
}

Int128 greatest_common_divisor(Int128 a, Int128 b) {
  while (b != 0) a = std::exchange(b, a % b);
  return a;
}

// Multiplies the constant part of a term; false when it does not fit.
bool scale(SeriesTerm& term, Int128 numerator, Int128 denominator) {
  const auto across = greatest_common_divisor(term.numerator, denominator);
  const auto back = greatest_common_divisor(numerator, term.denominator);
  return !__builtin_mul_overflow(term.numerator / across, numerator / back, &term.numerator) &&
         !__builtin_mul_overflow(term.denominator / back, denominator / across, &term.denominator);
}

class Parser {
 public:
  Parser(std::string_view text, const SymbolTable& symbols) : tokens_(tokens_of(text)), symbols_(symbols) {}

  Result<SeriesExpression> run() {
    if (tokens_.empty()) return Error{"is empty; wanted something like \"NI225 / USDJPY\""};
    char before = '+';
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const auto token = tokens_[i];
      if (token.find_first_of("()") != std::string_view::npos)
        return Error{"knows no parentheses; write a sum of products, such as \"A * C + B * C\""};
      const bool wants_operator = i % 2 == 1;
      if (wants_operator != is_operator(token)) return Error{misplaced(i)};
      if (wants_operator)
        before = token.front();
      else if (auto wrong = operand(token, before))
        return Error{std::move(*wrong)};
      series_.text.append(series_.text.empty() ? "" : " ").append(token);
    }
    if (tokens_.size() % 2 == 0) return Error{"ends with '" + std::string(tokens_.back()) + "'"};
    if (series_.legs.empty()) return Error{"names no instrument"};
    return std::move(series_);
  }

 private:
  [[nodiscard]] std::string misplaced(std::size_t at) const {
    const std::string token{tokens_[at]};
    if (at == 0) return "begins with '" + token + "'";
    if (is_operator(token)) return "has '" + token + "' after '" + std::string(tokens_[at - 1]) + "'";
    return "has no operator before '" + token + "'; one of + - * /, with spaces around + and -";
  }

  std::optional<std::string> operand(std::string_view token, char before) {
    if (before == '+' || before == '-') {
      series_.terms.push_back({.negative = before == '-', .factors = {}, .divisors = {}});
      if (!scale(series_.terms.back(), Price::kScale, 1)) return too_large();  // its result is in raw units
    }
    auto& term = series_.terms.back();
    const bool divides = before == '/';
    if (const auto symbol = symbols_.find(token)) {
      const auto leg = leg_of(*symbol);
      if (!leg) return "names more than " + std::to_string(processing::kMaxSeriesLegs) + " instruments";
      (divides ? term.divisors : term.factors).push_back(*leg);
      // A leg comes in raw units, too.
      return scale(term, divides ? Price::kScale : 1, divides ? 1 : Price::kScale) ? std::nullopt : too_large();
    }
    const auto number = parse_price(token);
    if (!number) {
      return "'" + std::string(token) + "' has no [instrument." + std::string(token) +
             "] table and is no number; a minus needs spaces around it";
    }
    if (number->raw() <= 0) return "'" + std::string(token) + "' must be above zero";
    return scale(term, divides ? Price::kScale : number->raw(), divides ? number->raw() : Price::kScale) ? std::nullopt
                                                                                                         : too_large();
  }

  static std::optional<std::string> too_large() { return "multiplies numbers that are too large or divides too often"; }

  std::optional<std::uint8_t> leg_of(SymbolId symbol) {
    const auto known = std::ranges::find(series_.legs, symbol);
    const auto position = static_cast<std::uint8_t>(known - series_.legs.begin());
    if (known != series_.legs.end()) return position;
    if (series_.legs.size() == processing::kMaxSeriesLegs) return std::nullopt;
    series_.legs.push_back(symbol);
    return position;
  }

  std::vector<std::string_view> tokens_;
  const SymbolTable& symbols_;
  SeriesExpression series_;
};

}  // namespace

Result<SeriesExpression> read_series(std::string_view text, const SymbolTable& symbols) {
  return Parser{text, symbols}.run();
}

CalendarKind narrowest_calendar(const SeriesExpression& series, const std::vector<InstrumentInfo>& instruments) {
  for (const auto kind : {CalendarKind::kTse, CalendarKind::kOse, CalendarKind::kFx}) {
    const auto keeps = [&](SymbolId leg) { return instruments[index_of(leg)].calendar == kind; };
    if (std::ranges::any_of(series.legs, keeps)) return kind;
  }
  return CalendarKind::kAlways;
}

}  // namespace yagura::config
