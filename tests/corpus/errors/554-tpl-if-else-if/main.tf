locals {
  a = "%{ if true }a%{ else if false }b%{ endif }"
}
