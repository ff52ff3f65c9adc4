locals {
  a = join(
    ",",
    ["a"],
    5,
  )
}
