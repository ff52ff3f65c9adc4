removed {
  from = terraform_data.forget
  lifecycle {
    destroy = false
  }
}
removed {
  from = terraform_data.drop
  lifecycle {
    destroy = true
  }
}
removed {
  from = module.m
  lifecycle {
    destroy = false
  }
}
