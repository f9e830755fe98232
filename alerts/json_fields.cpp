#include "alerts/json_fields.hpp"

namespace yagura::alerts {

void JsonFields::end_price(std::int64_t raw) {
  char* end = write_price(out_.room(kMaxPriceChars + 1), raw);
  *end++ = '"';
  out_.close(end);
}

}  // namespace yagura::alerts
