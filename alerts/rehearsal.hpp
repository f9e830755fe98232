// Signals that nobody decided: an alert's way is gone through with them while nothing happens.
#pragma once

#include <vector>

#include "alerts/catalog.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// One for each kind of rule and instrument in the catalog, with numbers of the usual size. Valid for an
// AlertWriter of the catalog, never to be shown. A milestone or level goes with one level, its price.
[[nodiscard]] std::vector<Signal> rehearsal(const Catalog& catalog);

}  // namespace yagura::alerts
