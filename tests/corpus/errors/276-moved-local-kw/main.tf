moved {
  from = local.a
  to   = local.b
}
