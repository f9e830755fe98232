#include "feeds/vendors/vendors.hpp"

namespace yagura::feeds {

std::span<const Vendor> vendors() {
  static const Vendor all[] = {
      native_vendor(),
      gmo_vendor(),
      yahoo_vendor(),
  };
  return all;
}

const Vendor* find_vendor(std::string_view name) {
  for (const auto& vendor : vendors()) {
    if (vendor.name == name) return &vendor;
  }
  return nullptr;
}

}  // namespace yagura::feeds
