variable "a" {
  type     = any
  nullable = false
  default  = null
}
