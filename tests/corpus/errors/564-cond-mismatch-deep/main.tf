locals {
  a = true ? { a = { b = [1] } } : { a = { b = { c = 1 } } }
}
