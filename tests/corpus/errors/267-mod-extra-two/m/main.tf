variable "ab" { default = 1 }
