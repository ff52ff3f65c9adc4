locals {
  a => 1
}
