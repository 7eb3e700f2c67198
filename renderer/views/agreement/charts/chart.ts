import { ScatterController } from 'chart.js'
import { Chart } from '../../models/charts/chart'

Chart.register(ScatterController)

export { Chart }
export type { ChartConfiguration, ChartDataset } from 'chart.js'
