#include "alerts/json.hpp"

namespace yagura::alerts {

void encode(const Alert& alert, const Catalog& catalog, EncodeOptions options, std::string& out) {
  AlertWriter writer{catalog, options};
  out += writer.write(alert.seq, alert.signal, alert.levels);
}

}  // namespace yagura::alerts
