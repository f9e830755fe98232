#include "processing/volatility.hpp"

namespace yagura::processing {

Volatility::Volatility(const InstrumentInfo& info) : info_(info) {}

void Volatility::push(Timestamp /*t*/, Price /*price*/) noexcept {}

void Volatility::on_segment_start() noexcept {}

void Volatility::forget() noexcept {}

std::optional<Volatility::Scale> Volatility::over(Timestamp /*t*/, Duration /*window*/) const noexcept {
  return std::nullopt;
}

void Volatility::state(StateIo& /*io*/) {}

}  // namespace yagura::processing
