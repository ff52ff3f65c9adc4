locals {
  a = [for x in [1] : x if true if false]
}
