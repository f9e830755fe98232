#include "alerts/mail/png.hpp"

#include <zlib.h>

namespace yagura::alerts {
namespace {

void append_number(std::string& out, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>((value >> shift) & 0xff);
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
  append_number(out, static_cast<std::uint32_t>(data.size()));
  const auto from = out.size();
  out += type;
  out += data;
  const auto* const bytes = reinterpret_cast<const Bytef*>(out.data() + from);
  append_number(out, static_cast<std::uint32_t>(::crc32(0, bytes, static_cast<uInt>(type.size() + data.size()))));
}

std::string compressed(const std::string& data) {
  auto size = ::compressBound(data.size());
  std::string out(size, '\0');
  ::compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(data.data()), data.size(), 9);
  out.resize(size);
  return out;
}

}  // namespace

void Raster::fill(int x, int y, int width, int height, std::uint8_t colour) {
  for (int row = y; row < y + height; ++row) {
    for (int column = x; column < x + width; ++column) set(column, row, colour);
  }
}

std::string to_png(const Raster& raster, std::span<const Colour> palette) {
  std::string head;
  append_number(head, static_cast<std::uint32_t>(raster.width()));
  append_number(head, static_cast<std::uint32_t>(raster.height()));
  head.append({8, 3, 0, 0, 0});  // bits, palette, deflate, filter method, not interlaced
  std::string colours;
  for (const auto& colour : palette) {
    for (const auto part : {colour.red, colour.green, colour.blue}) colours += static_cast<char>(part);
  }
  std::string rows;
  for (int y = 0; y < raster.height(); ++y) {
    rows += '\0';  // not filtered
    const auto row = raster.row(y);
    rows.append(row.begin(), row.end());
  }
  std::string out = "\x89PNG\r\n\x1a\n";
  append_chunk(out, "IHDR", head);
  append_chunk(out, "PLTE", colours);
  append_chunk(out, "IDAT", compressed(rows));
  append_chunk(out, "IEND", {});
  return out;
}

}  // namespace yagura::alerts
