removed {
  from = module.m["a"]
  lifecycle {
    destroy = false
  }
}
