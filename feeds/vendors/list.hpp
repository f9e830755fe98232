// Every vendor, one line each: X(name) stands for feeds/vendors/name.cpp, which defines
// `Vendor name_vendor()`. CMake reads its list of sources here too. The order is that of `yagura feeds`.
#pragma once

// clang-format off
#define YAGURA_VENDORS(X) \
  X(native)               \
  X(gmo)                  \
  X(yahoo)                \
  X(deriv)                \
  X(hyperliquid)          \
  X(kabu)                 \
  X(capitalcom)           \
  X(ibkr)                 \
  X(oanda)                \
  X(massive)              \
  X(twelvedata)           \
  X(tiingo)               \
  X(eodhd)                \
  X(finnhub)              \
  X(kraken)               \
  X(pyth)                 \
  X(alltick)              \
  X(tradermade)           \
  X(json)                 \
  X(nats)                 \
  X(tradingview)          \
  X(ctrader)              \
  X(saxo)                 \
  X(ig)                   \
  X(fcsapi)               \
  X(databento)
// clang-format on
