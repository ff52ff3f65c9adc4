locals {
  a = "xÿy"
}
